"""The table of limits is that of the code, and what it says fits is read."""

from __future__ import annotations

import re
from pathlib import Path

from sim.estimators import games
from sim.scenario import beside_tables, keys, layers, reading
from sim.studies import outcomes_file, tournament
from sim.studies.designs import factors, from_file

PAGE = Path(__file__).parents[2] / "docs" / "limits.md"
SCENARIO = {
    "bytes": reading.MOST_BYTES,
    "keys and values": reading.MOST_NODES,
    "words and empty lines": reading.MOST_WORDS,
    "levels of nesting": reading.MOST_DEPTH,
    "files that extend one another": layers.MOST_EXTENDED,
    "days": keys.MOST_DAYS,
    "arms": keys.MOST_ARMS,
    **{name: kind.most for name, kind in keys.SECTIONS.items() if kind.most > kind.least},
    "weights in a table of peers": beside_tables.MOST_ROWS,
    "bytes of a table of peers": beside_tables.MOST_BYTES,
    "rows of a table of judgements": beside_tables.MOST_ROWS,
    "bytes of a table of judgements": beside_tables.MOST_BYTES,
}
DESIGN = {
    "points": factors.MOST_POINTS,
    "bytes of its file": from_file.MOST_BYTES,
    "keys": from_file.MOST_KEYS,
    "different words in its file": from_file.MOST_WORDS,
    "scenarios it chooses between": factors.MOST_SCENARIOS,
}
TOURNAMENT = {
    "choices of a side": tournament.MOST_CHOICES,
    "choices of a side where supports are enumerated": games.MOST_SUPPORTED,
    "choices of both sides where vertices are": games.MOST_VERTICES,
}
OUTCOMES = {
    "coded statements": outcomes_file.MOST_ROWS,
    "bytes of that file": outcomes_file.MOST_BYTES,
    "letters of a source": outcomes_file.LONGEST_SOURCE,
}


def test_page_has_every_limit() -> None:
    text = PAGE.read_text(encoding="utf-8")
    found = [
        {name: int(most.replace(",", "")) for name, most in rows}
        for part in re.split(r"^\| of a ", text, flags=re.MULTILINE)[1:]
        if (rows := re.findall(r"^\| ([a-z ]+) \| ([0-9,]+) \|$", part, flags=re.MULTILINE))
    ]
    assert found == [SCENARIO, DESIGN, TOURNAMENT, OUTCOMES]


def test_what_the_page_says_fits_is_read() -> None:
    events = "".join(
        f"- {{name: event {n}, day: {n % 90}, tension: 0.1, con: {{B: 1}}, claim: c}}\n"
        for n in range(keys.SECTIONS["events"].most)
    )
    assert len(reading.read_text("events:\n" + events, "f").get("events").items) == 2_000  # type: ignore[union-attr]
    listed = 39_800  # whom 200 audiences listen to, each to every other
    assert 2 * listed + 200 + 2 < reading.MOST_NODES
    assert listed < beside_tables.MOST_ROWS
