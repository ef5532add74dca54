"""How much memory, time and disk large studies take beside what was said: ``python -m tests.sizes``.

Each study runs in a process of its own; a line of it gives the forecast of ``--dry-run`` and what
was measured, and how far off the time to go was that progress told from the tenth second on, in
percent of the whole. No test asserts these, for they depend on the machine. Names of cases choose
some of them: ``python -m tests.sizes wide long``. ``--full`` takes the largest sizes that are
allowed, which takes gigabytes and an hour.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import pty
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import yaml

SMALL = Path(__file__).parent / "interface" / "small.yaml"
SETTLED = 10.0  # seconds after which the time to go should be right
TO_GO = re.compile(r"([0-9][0-9a-z ]*) to go")
CHILD = "import sys; from sim.cli.main import main; sys.exit(main(sys.argv[1:]))"


class Case(NamedTuple):
    """A study: its name, the words of its command, and whether it reads the folder of the last."""

    name: str
    words: list[str]
    reads: bool = False


def wide_scenario(audiences: int, narratives: int, teams: int, events: int, steps: int) -> Any:
    """Return the small case with many of everything; every team travels, every narrative is spoken."""
    case = yaml.safe_load(SMALL.read_text(encoding="utf-8"))
    names = [f"Audience {i}" for i in range(audiences - 3)]
    case["audiences"] += [case["audiences"][1] | {"name": name} for name in names]
    case["peers"] |= {name: {"Broker": 2, "Port": 1} for name in names}
    case["narratives"] += [
        case["narratives"][2 + 3 * (i % 2)] | {"name": f"narrative {i}"}
        for i in range(narratives - 7)
    ]
    for claim in case["claims"]:
        claim["prior"] = 0.5
    case["delegations"] += [
        {
            "name": f"team {i}",
            "claimant": ("Aria", "Boreas")[i % 2],
            "itinerary": [
                {"day": 2 + i % 4, "at": names[i % len(names)]},
                {"day": 20, "at": "home"},
            ],
        }
        for i in range(teams - 2)
    ]
    case["events"] += [
        {"name": f"event {i}", "day": i % steps, "tension": 0.1} for i in range(events - 3)
    ]
    return case | {"steps": steps, "name": "wide"}


def write_yaml(path: Path, document: Any) -> None:
    """Write a scenario; what stands in it twice is written twice, since aliases are not read."""

    class Plain(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    path.write_text(yaml.dump(document, Dumper=Plain), encoding="utf-8")


def cases(place: Path, full: bool) -> Iterator[Case]:
    """Yield the studies; the scenarios they need are written into ``place``."""
    size = (200, 200, 100, 100, 130) if full else (80, 80, 40, 40, 60)
    write_yaml(place / "wide.yaml", wide_scenario(*size))
    days, runs = ("3000", "500000") if full else ("1000", "50000")
    arms = ["kashmir_2025", "--arms", "mediation"]
    parity = ["--param", "parity=0:0.6:4"]
    yield Case("usual", ["compare", "kashmir_2025", "-n", "1000"])
    yield Case("wide", ["compare", str(place / "wide.yaml"), "-n", "1000", "--arms", "offer"])
    yield Case("told", ["run", str(place / "wide.yaml"), "--arm", "offer"])
    yield Case("long", ["compare", *arms, "--steps", days, "-n", "300"])
    yield Case("points", ["sweep", *arms, "--param", "parity=0:0.6:400", "-n", "20"])
    yield Case("rows", ["sweep", *arms, *parity, "-n", str(int(runs) // 4)])
    yield Case("report", ["report"], reads=True)
    yield Case("sensitivity", ["sensitivity", *arms, *parity[:1], "parity=0:1", "--param",
                               "goodwill=0:0.1", "--samples", "64"])  # fmt: skip
    yield Case("discover", ["discover", *arms, "--samples", "200"])


class Measured(NamedTuple):
    """What became of a command that was run alone."""

    code: int
    seconds: float
    peak: float  # MB
    said: str
    told: list[tuple[float, float]]  # seconds since its start, seconds to go by its progress


def child(words: list[str]) -> Measured:
    """Run a command alone, at a terminal as far as its progress knows."""
    started, told = time.monotonic(), []
    terminal, end = pty.openpty()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen([sys.executable, "-c", CHILD, *words], stdout=said, stderr=end)
        os.close(end)
        with suppress(OSError):  # as a terminal ends whose other side is closed
            while piece := os.read(terminal, 65536):
                for left in TO_GO.findall(piece.decode(errors="replace")):
                    told.append((time.monotonic() - started, in_seconds(left)))
        os.close(terminal)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - started
        said.seek(0)
        text = said.read().decode()
    scale = 1e6 if sys.platform == "darwin" else 1e3  # bytes there, kilobytes elsewhere
    return Measured(process.returncode, seconds, usage.ru_maxrss / scale, text, told)


def in_seconds(clock: str) -> float:
    """The seconds that progress writes as ``12 s``, ``3 min`` or ``2 h 05 min``."""
    sizes = {"s": 1.0, "min": 60.0, "h": 3600.0}
    numbers, units = clock.split()[::2], clock.split()[1::2]
    return sum(sizes[unit] * float(number) for number, unit in zip(numbers, units, strict=True))


def worst_forecast(found: Measured) -> float:
    """How far off the told end was from the tenth second on, in percent of the whole; or nan."""
    late = [at + left - found.seconds for at, left in found.told if at >= SETTLED]
    return 100.0 * max(late, key=abs, default=math.nan) / found.seconds


def bytes_in(folder: Path) -> int:
    """Bytes of the files of a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main() -> int:
    """Measure and print; return 1 where a study ended badly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--full", action="store_true")
    asked = parser.parse_args()
    print(f"{'study':12}{'seconds':>16}{'MB on disk':>16}{'peak MB':>16}"
          f"{'to go off by':>17}   said before / measured")  # fmt: skip
    bad = 0
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        folder = place / "none"
        for case in cases(place, asked.full):
            if asked.names and case.name not in asked.names:
                continue
            plan: dict[str, float] = {}
            if case.reads:
                words, before = [*case.words, str(folder)], bytes_in(folder)
            else:
                folder, before = place / case.name, 0
                words = [*case.words, "--out", str(folder)]
                plan = json.loads(child([*case.words, "--dry-run", "--json"]).said)
            found = child(words)
            bad |= found.code != 0
            disk = (bytes_in(folder) - before) / 1e6 if folder.exists() else 0.0
            measured = {
                "seconds": found.seconds, "disk_megabytes": disk, "memory_megabytes": found.peak
            }  # fmt: skip
            cells = (
                f"{plan.get(key, float('nan')):.0f} / {value:.0f}"
                for key, value in measured.items()
            )
            off = f"{worst_forecast(found):+.0f} %"
            print(f"{case.name:12}" + "".join(f"{cell:>16}" for cell in cells), f"{off:>16}",
                  f"  exit {found.code}", flush=True)  # fmt: skip
    return bad


if __name__ == "__main__":
    sys.exit(main())
