"""docs/model.md says what the code declares, and what the code cites is there."""

import re
from pathlib import Path

import pytest

from sim.parameters import OFF, SPECS, Switches
from sim.report import parameter_table

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
SOURCES = sorted((ROOT / "sim").rglob("*.py"))
TAGS = re.findall(r"\\tag\{(\d[a-z]?)\}", PAGE)
HEADINGS = set(re.findall(r"^#{2,3} (\d+(?:\.\d+)?)\.? ", PAGE, flags=re.MULTILINE))


def words(path: Path) -> str:
    """A source file with its line breaks smoothed, so that a citation may wrap."""
    return re.sub(r"\s+", " ", path.read_text(encoding="utf-8"))


def test_tables_of_the_page_are_those_declared():
    assert parameter_table.fill_tables(PAGE) == PAGE


def test_tables_have_a_row_for_each_parameter_and_switch():
    assert len(parameter_table.parameters().splitlines()) == 2 + len(SPECS)
    assert len(parameter_table.switches().splitlines()) == 2 + len(Switches._fields)


def test_every_parameter_that_may_be_moved_says_what_more_of_it_does():
    assert all(bool(spec.more) != spec.fixed for spec in SPECS.values())


def test_every_switch_says_what_off_means():
    assert set(Switches._fields) == set(OFF) | set(parameter_table.OFF_IN_WORDS)
    assert not set(OFF) & set(parameter_table.OFF_IN_WORDS)


def test_equations_are_numbered_one_to_seven():
    assert " ".join(TAGS) == "1 2 2a 3 4 5 6 7"


@pytest.mark.parametrize("law", sorted((ROOT / "sim" / "laws").glob("*.py")), ids=lambda p: p.stem)
def test_equations_that_a_law_cites_are_on_the_page(law):
    cited = set(re.findall(r"(?<!\w)\((\d[a-z]?)\)", words(law)))
    assert cited <= set(TAGS)
    if law.stem in ("salience", "exposure", "anchor", "contest", "sympathy", "tension", "consent"):
        assert cited, "its equation is cited"


def test_sections_that_the_code_cites_are_on_the_page():
    pattern = re.compile(r"sections? (\d+(?:\.\d+)?)|Source: section (\d+(?:\.\d+)?)")
    cited = {
        next(number for number in found if number)
        for path in SOURCES
        for found in pattern.findall(words(path))
    }
    assert {"2.1", "2.6", "3", "5", "6", "7", "8"} <= cited
    assert cited <= HEADINGS


def test_plugins_on_the_page_are_those_there_are():
    from sim.plugins import registry

    section = PAGE.split("## 4. Plug-ins")[1].split("## 5.")[0]
    for kind in registry.KINDS:
        for name in registry.names(kind):
            assert f"`{name}`" in section


def test_authors_that_laws_and_plugins_cite_are_in_the_references():
    references = PAGE.split("## References")[1]
    for folder in ("laws", "plugins"):
        for path in (ROOT / "sim" / folder).rglob("*.py"):
            for name, year in re.findall(r"([A-Z][a-z]+)(?: & [A-Z][a-z]+)? (\d{4})", words(path)):
                assert re.search(rf"{name}.*\({year}\)", references), (
                    f"{name} {year} in {path.name}"
                )
