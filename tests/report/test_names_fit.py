"""Long names, of any script: whole in tables and figures, and never two of them alike."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from sim.report.escaping import labels
from sim.report.figures import FIGURES, style
from sim.report.layout import TABLE_WIDTH, ReportTable, text_table
from sim.report.words import results_text
from sim.store.results import MissingInputError, Results, read_results
from sim.studies.run import run
from tests.report.folders import SMALL_CASE, compare_folder, load, renamed, run_folder

# of 35 characters each but one; pairs begin alike for longer than any figure has room
LONG = {
    "Aria": "Confederation of the Northern Isles",
    "Boreas": "Confederation of the Southern Isles",
    "Broker": "Assembly of the Peoples of the East",
    "Port": "Assembly of the Peoples of the West",
    "Hill": "Союз Независимых Государств Севера",
    "raids": "the raids across the northern river",
    "raid": "a raid on the river port in the far north",
    "clash": "a raid on the river port in the far south",
}
NAMED = [LONG[name] for name in ("Aria", "Boreas", "Broker", "Port", "Hill")]


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Results]:
    """The small case under long names, compared and told."""
    folder, document = tmp_path_factory.mktemp("long"), renamed(SMALL_CASE, LONG)
    scenario = load(document, folder)
    compared = compare_folder(scenario, document, folder / "compared", "offer", "no_offer", 3)
    told = run_folder(scenario, document, folder / "told", "offer")
    return {"compare": read_results(compared), "run": read_results(told)}


def texts(figure: Any) -> list[Any]:
    """All of a figure's texts but the numbers along its axes, settled as a file has them."""
    style.keep_on_page(figure)
    beside = [text for ax in figure.axes for text in (*ax.texts, ax.xaxis.label, ax.yaxis.label)]
    rows = [text for ax in figure.axes for text in ax.get_yticklabels()]
    titles = [
        text for ax in figure.axes for text in ax.get_children() if text in (ax._left_title,)
    ]
    legends = [text for legend in figure.legends for text in legend.get_texts()]
    rows = [text for text in rows if any(letter.isalpha() for letter in text.get_text())]
    found = [*figure.texts, *beside, *rows, *titles, *legends]
    return [text for text in found if text.get_text().strip()]


@pytest.mark.parametrize("verb", ["compare", "run"])
def test_figures_have_long_names_whole(case: dict[str, Results], verb: str) -> None:
    drawn = 0
    for name, module in FIGURES.items():
        with style.drawing():
            try:
                figure = module.draw(case[verb])
            except MissingInputError:
                continue
            drawn += 1
            found = texts(figure)
            wide, high = (inches * style.DPI for inches in style.SIZE)
            for text in found:
                box = text.get_window_extent(style.renderer(figure))
                inside = min(box.x0, box.y0) >= 0 and box.x1 <= wide and box.y1 <= high
                assert inside, (name, text.get_text())
            said = " ".join(text.get_text().replace("\n", " ") for text in found)
            assert "Confederation of the N" not in said.replace(LONG["Aria"], ""), name
            assert "Assembly of the P" not in said.replace(LONG["Broker"], "").replace(
                LONG["Port"], ""
            ), name
    assert drawn >= 5  # the guard: most figures are there


def test_both_sides_names_are_of_one_size(case: dict[str, Results]) -> None:
    for name in ("voice", "tension"):
        with style.drawing():
            figure = FIGURES[name].draw(case["run"])
            style.keep_on_page(figure)
        sides = [t for ax in figure.axes for t in ax.texts if "Confederation" in t.get_text()]
        assert len({text.get_fontsize() for text in sides}) == 1, name


def test_shortened_names_stay_apart() -> None:
    names = [*NAMED, "Confederation of the Northern Seas", "short"]
    for length in (8, 14, 18, 40):
        found = labels(names, length)
        assert len(set(found)) == len(names)
        assert max(map(len, found)) <= length
    assert labels(names, 40) == names


@pytest.mark.parametrize("verb", ["compare", "run"])
def test_tables_in_a_terminal_keep_names_and_columns(
    case: dict[str, Results], verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = results_text(case[verb])
    told = text.split("Sympathy for each side", 1)[1].split("Keep in mind")[0]
    lines = [line for line in told.splitlines() if "  " in line.strip()]
    assert max(map(len, lines)) <= TABLE_WIDTH
    assert all(name in told for name in NAMED[2:])
    assert "…" not in told


def test_run_prints_names_whole(case: dict[str, Results]) -> None:
    scenario = case["run"].shown_scenario
    assert scenario is not None
    lines = run(scenario, "").summary().splitlines()
    table = lines[lines.index("") + 1 : lines.index("", lines.index("") + 1)]
    assert max(map(len, table)) <= TABLE_WIDTH
    assert all(any(name in line for line in lines) for name in NAMED)


def test_wide_characters_take_two_places() -> None:
    rows = [("南大西洋", "1.0"), ("Rome", "-2.0")]
    head, first, second = text_table(ReportTable("", ("", "change"), rows))
    assert (head, first, second) == (
        " " * 8 + "  change",
        "南大西洋     1.0",
        "Rome" + " " * 8 + "-2.0",
    )


def test_no_two_lines_of_a_table_are_of_one_name() -> None:
    rows = [(name, "1", "2") for name in NAMED]
    lines = text_table(ReportTable("", ("", "first: a" * 12, "first: b" * 12), rows))
    named = [line for line in lines if any(name in line for name in NAMED)]
    assert len(named) == len(NAMED)
    for one, other in combinations(named, 2):
        assert one != other
