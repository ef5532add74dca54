"""Sentences of the report that hold for some cases are said of those alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sim.report.figures import network, voice
from sim.report.page_file import page
from sim.store.results import Results, read_results
from tests.report.folders import SMALL_CASE, load, renamed, run_folder


def with_sources(results: Results, *sources: str) -> Results:
    """The results with these sources for so many numbers that the author wrote."""
    frame = results.tables["sources"].iloc[[0] * len(sources)]
    keys = [f"audiences.{name}.importance" for name in range(len(sources))]
    frame = frame.assign(key=keys, source=list(sources))
    return replace(results, tables={**results.tables, "sources": frame})


def test_report_counts_the_numbers_that_name_a_source(told: Path) -> None:
    results = read_results(told)
    every = "Every number that the scenario's author wrote names its source."
    assert every in page(with_sources(results, "a book", "a count"), [], []).replace("&#x27;", "'")
    some = page(with_sources(results, "a book", "", ""), [], []).replace("&#x27;", "'")
    assert "Of 3 numbers that the scenario's author wrote, 1 name a source." in some
    assert every not in some


def test_report_says_nothing_of_one_case_alone(told: Path) -> None:
    text = page(read_results(told), [], [])
    assert "Opinion data" not in text
    assert "data that names its source" not in text


def test_network_is_a_map_where_all_places_are_known(told: Path, tmp_path: Path) -> None:
    assert "in a circle" in network.caption(read_results(told))
    names = {"Broker": "Washington", "Port": "London", "Hill": "Paris"}
    document = renamed(SMALL_CASE, names)
    known = run_folder(load(document, tmp_path), document, tmp_path / "known", "offer")
    assert "those of a map" in network.caption(read_results(known))


def test_figure_of_voice_does_not_say_that_sides_differ(told: Path) -> None:
    assert "may differ" in voice.caption(read_results(told))
