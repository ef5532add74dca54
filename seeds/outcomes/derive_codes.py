"""Write the outcome codes that follow from the answers to the three questions of README.md.

    python seeds/outcomes/derive_codes.py            writes the file of each NAME_answers.csv
    python seeds/outcomes/derive_codes.py --check    compares only; exit 1 if one is out of date

Only the standard library is used.
"""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

HERE = Path(__file__).parent
QUESTIONS = ("named", "right", "asked")
READINGS = {"1": "", "2": "_2"}  # reading: ending of its columns


def code(answers: list[int]) -> int:
    """The sum of the three answers, cut at -2 and +2."""
    return max(-2, min(2, sum(answers)))


def agreed(answers: list[int]) -> int:
    """The sign of several answers; 0 where they contradict each other."""
    return (1 in answers) - (-1 in answers)


def outcomes(rows: list[dict[str, str]]) -> list[tuple[str, str, int, str, str, str]]:
    """Rows of the outcomes file: each matter of a capital, and all of them together."""
    found = []
    for audience in dict.fromkeys(row["audience"] for row in rows):
        own = [row for row in rows if row["audience"] == audience]
        last = max(own, key=lambda row: row["date"])
        for reading, ending in READINGS.items():
            answers = [[int(row[q + ending]) for q in QUESTIONS] for row in own]
            for row, three in zip(own, answers, strict=True):
                found.append((audience, row["date"], code(three), row["about"],
                              row["source"], reading))  # fmt: skip
            both = [agreed(list(one)) for one in zip(*answers, strict=True)]
            source = " | ".join(dict.fromkeys(row["source"] for row in own))
            found.append((audience, last["date"], code(both), "overall", source, reading))
    return found


def text(name: str) -> str:
    """The outcomes file of a case, from its answers."""
    with (HERE / f"{name}_answers.csv").open(newline="", encoding="utf-8") as file:
        found = outcomes(list(csv.DictReader(file)))
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(("audience", "date", "code", "about", "source", "reading"))
    writer.writerows(found)
    return lines.getvalue()


def main() -> None:
    """Write or compare the file of every case."""
    stale = []
    for answers in sorted(HERE.glob("*_answers.csv")):
        name = answers.stem.removesuffix("_answers")
        path = HERE / f"{name}.csv"
        if "--check" not in sys.argv[1:]:
            path.write_text(text(name), encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text(name):
            stale.append(path.name)
    if stale:
        sys.exit(f"does not follow from the answers: {', '.join(stale)}")


if __name__ == "__main__":
    main()
