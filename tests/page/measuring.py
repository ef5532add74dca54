"""How fast the page answers in a real browser: ``python -m tests.page.measuring``.

Prints the machine and a line for each figure; exits with 1 where an aim is missed. Words after the
module go to ``narrate serve``. No test asserts these, for they depend on the machine: run it on a
quiet one.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles
from typing import Any, NamedTuple

from tests.page.browser import SIZE, opened, painted, settled, started, views

CHANGES = 100
STEPS = 300
LOADS = 5
# From the event to the frame that shows it: the task after the frame of the last drawing
LEVER = """
async ([selector, count]) => {
  const input = document.querySelector(selector), charts = document.querySelector('#charts');
  const [low, high] = [Number(input.min), Number(input.max)];
  const frame = () => new Promise((done) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = done;
    port2.postMessage(0);
  }));
  const times = [];
  for (let i = 0; i < count; i += 1) {
    const before = charts.dataset.shown, begun = performance.now();
    input.value = low + ((high - low) * ((i * 37) % count)) / count;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise((done) => {
      const seen = new MutationObserver(() => { seen.disconnect(); done(); });
      seen.observe(charts, { attributes: true, attributeFilter: ['data-shown'] });
      if (charts.dataset.shown !== before) { seen.disconnect(); done(); }
    });
    await frame();
    times.push(performance.now() - begun);
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }
  return times;
}"""
# Frames in a second while the day is dragged, a step a frame: as many as the browser gets drawn
SCRUB = """
async (count) => {
  const day = document.querySelector('#day');
  const frame = () => new Promise(requestAnimationFrame);
  await frame();
  const begun = performance.now();
  for (let i = 1; i <= count; i += 1) {
    day.value = i % Number(day.max);
    day.dispatchEvent(new Event('input', { bubbles: true }));
    await frame();
  }
  return (1000 * count) / (performance.now() - begun);
}"""
# Milliseconds of the main thread for one step of the day, layout included
STEP = """
(count) => {
  const day = document.querySelector('#day');
  const begun = performance.now();
  for (let i = 0; i < count; i += 1) {
    day.value = i % Number(day.max);
    day.dispatchEvent(new Event('input', { bubbles: true }));
    document.body.getBoundingClientRect();
  }
  return (performance.now() - begun) / count;
}"""
FIRST = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"


class Figure(NamedTuple):
    """A number that was measured; the aim is a most, or a least where ``least``."""

    name: str
    value: float
    unit: str
    aim: float | None = None
    least: bool = False

    def missed(self) -> bool:
        """Whether it is on the wrong side of its aim."""
        if self.aim is None:
            return False
        return self.value < self.aim if self.least else self.value > self.aim

    def __str__(self) -> str:
        digits = 1 if self.value < 10 else 0
        said = f"{self.name}: {self.value:.{digits}f} {self.unit}"
        if self.aim is None:
            return said
        bound = "at least" if self.least else "at most"
        return (
            f"{said} (aim: {bound} {self.aim:g} {self.unit}{', MISSED' if self.missed() else ''})"
        )


def machine() -> str:
    """What ran it."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    load = f", load {os.getloadavg()[0]:.1f} before" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} x {model}, {platform.system()}, Python {platform.python_version()}{load}"


def measured(browser: Any, address: str) -> Iterator[Figure]:
    """The figures, each as soon as it is known."""
    paints, charts = [], []
    for _ in range(LOADS):
        window = browser.new_context(viewport=SIZE).new_page()
        window.goto(address)
        painted(window, 0)
        charts.append(window.evaluate("() => performance.now()"))
        paints.append(window.evaluate(FIRST))
        window.context.close()
    yield Figure(f"first paint, slowest of {LOADS} loads", max(paints), "ms", 2000)
    yield Figure(f"first charts, slowest of {LOADS} loads", max(charts), "ms")

    window = browser.new_context(viewport=SIZE).new_page()  # none that counts what comes
    window.goto(address)
    painted(window, 0)
    cuts = quantiles(window.evaluate(LEVER, ["#lever-parity", CHANGES]), n=20, method="inclusive")
    what = f"lever to repainted charts, {CHANGES} changes, 200 runs an arm"
    yield Figure(f"{what}, median", cuts[9], "ms")
    yield Figure(f"{what}, 95th percentile", cuts[18], "ms", 150)

    window.context.close()

    window = opened(browser, address)
    for view in views(window):
        if window.locator("#day").is_visible():
            frames = window.evaluate(SCRUB, STEPS)
            yield Figure(f"scrubbing the {view}, {STEPS} days", frames, "frames/s", 50, least=True)
            yield Figure(
                f"main thread for a day of the {view}", window.evaluate(STEP, STEPS), "ms"
            )
            settled(window)


def main() -> int:
    """Serve the main scenario, measure, print; 1 where an aim is missed."""
    page = subprocess.Popen(
        [sys.executable, "-m", "sim", "serve", "--port", "0", "--no-open", *sys.argv[1:]],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert page.stdout is not None
    missed = 0
    try:
        address = page.stdout.readline().strip()
        with started() as browser:
            print(f"{machine()}, Chromium {browser.version}")
            for figure in measured(browser, address):
                print(figure, flush=True)
                missed += figure.missed()
    finally:
        page.terminate()
        page.wait()
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
