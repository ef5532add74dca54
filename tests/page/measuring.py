"""How fast the page answers in a real browser: ``python -m tests.page.measuring``.

Prints first paint, slider to repainted charts, and scrubbing, with the machine. No test asserts
these: they depend on the machine.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path
from statistics import quantiles
from typing import Any

from tests.page.browser import SIZE, painted, started

CHANGES = 100
# From the event to the frame that shows it: the task after the frame of the last drawing
PAINTED = """
async ([selector, count, repaint]) => {
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
    if (repaint) {
      await new Promise((done) => {
        const seen = new MutationObserver(() => { seen.disconnect(); done(); });
        seen.observe(charts, { attributes: true, attributeFilter: ['data-shown'] });
        if (charts.dataset.shown !== before) { seen.disconnect(); done(); }
      });
    }
    await frame();
    times.push(performance.now() - begun);
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }
  return times;
}"""
# Milliseconds of the main thread for one step of the day, layout included
STEP = """
(count) => {
  const day = document.querySelector('#day');
  const begun = performance.now();
  for (let i = 0; i < count; i += 1) {
    day.value = i % Number(day.max);
    day.dispatchEvent(new Event('input', { bubbles: true }));
    document.querySelector('#charts').getBoundingClientRect();
  }
  return (performance.now() - begun) / count;
}"""
FIRST = """
() => Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime)"""


def machine() -> str:
    """What ran it."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    return f"{os.cpu_count()} x {model}, {platform.system()}, Python {platform.python_version()}"


def spread(times: list[float]) -> str:
    """Median and 95th percentile."""
    cuts = quantiles(times, n=20, method="inclusive")
    return f"p50 {cuts[9]:.0f} ms, p95 {cuts[18]:.0f} ms, most {max(times):.0f} ms"


def measure(browser: Any, address: str) -> list[str]:
    """The figures, in lines of text."""
    charts, paints = [], []
    for _ in range(5):
        context = browser.new_context(viewport=SIZE)
        window = context.new_page()
        window.goto(address)
        painted(window, 0)
        charts.append(window.evaluate("() => performance.now()"))
        paints.append(window.evaluate(FIRST))
        context.close()
    window = browser.new_context(viewport=SIZE).new_page()
    window.goto(address)
    painted(window, 0)
    levers = window.evaluate(PAINTED, ["#lever-parity", CHANGES, True])
    scrubs = window.evaluate(PAINTED, ["#day", CHANGES, False])
    return [
        f"first contentful paint, 5 loads: {min(paints)} to {max(paints)} ms",
        f"first charts, 5 loads: at most {min(charts):.0f} to {max(charts):.0f} ms",
        f"lever to repainted charts, {CHANGES} changes, 200 runs an arm: {spread(levers)}",
        f"scrub to painted day, {CHANGES} steps: {spread(scrubs)}; "
        f"main thread {window.evaluate(STEP, CHANGES):.1f} ms a step",
    ]


def main() -> None:
    """Serve the main scenario, measure, print."""
    page = subprocess.Popen(
        [sys.executable, "-m", "sim", "serve", "--port", "0", "--no-open", *sys.argv[1:]],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert page.stdout is not None
    try:
        address = page.stdout.readline().strip()
        with started() as browser:
            print(f"{machine()}, Chromium {browser.version}")
            print("\n".join(measure(browser, address)))
    finally:
        page.terminate()
        page.wait()


if __name__ == "__main__":
    main()
