"""The file of coded stances is read strictly: what is wrong is told by line, nothing is dropped."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from sim import Scenario
from sim.errors import InputError
from sim.studies.outcomes_file import CodedStance, read_outcomes, template
from tests.interface.conftest import SMALL

HEADER = "audience,date,code,about,source"
FILE = "said.csv"


@pytest.fixture(scope="module")
def small():
    return Scenario.from_yaml(SMALL)  # days 2025-05-20 to 2025-06-13


@pytest.fixture(scope="module")
def states():
    return Scenario.from_yaml("kashmir_2025_states")


@pytest.fixture
def read(tmp_path, monkeypatch, small):
    from pathlib import Path

    monkeypatch.chdir(tmp_path)

    def read_text(*lines, scenario=small, name=FILE, **how):
        Path(name).write_text("\n".join(lines) + "\n", **how)
        return read_outcomes(Path(name), scenario)

    return read_text


def refusals(read, *lines, **options):
    with pytest.raises(InputError) as refused:
        read(*lines, **options)
    return [str(problem) for problem in refused.value.problems]


def test_rows_become_stances(read):
    found = read(
        f"{HEADER},reading",
        'Broker,2025-05-22,+2,overall,"Press, 22 May",',
        "Port,2025-06-13,-1,raids,a speech,1",
        "Port,2025-06-13,0,raids,a speech,2",
    )
    assert found == (
        CodedStance("Broker", 2, 2, "overall", 1, "Press, 22 May"),
        CodedStance("Port", 24, -1, "raids", 1, "a speech"),
        CodedStance("Port", 24, 0, "raids", 2, "a speech"),
    )


@pytest.mark.parametrize("sign", [";", "\t"])
def test_spreadsheets_signs_between_cells_are_read(read, sign):
    lines = [HEADER.title(), "Hill,2025-05-20,0,river,a note"]
    found = read(*(line.replace(",", sign) for line in lines), encoding="utf-8-sig")
    assert found == (CodedStance("Hill", 0, 0, "river", 1, "a note"),)


@pytest.mark.parametrize(
    ("row", "refusal"),
    [
        ("Brokr,2025-05-22,1,overall,s", "audience: unknown audience; did you mean Broker? (got Brokr)"),
        ("Xanadu,2025-05-22,1,overall,s", "audience: unknown audience; known: Broker, Port, Hill (got Xanadu)"),
        ("Aria,2025-05-22,1,overall,s", "audience: must be an audience, and this is a claimant (got Aria)"),
        ("Broker,22.5.2025,1,overall,s", "date: must be a date such as 2025-04-12 (got 22.5.2025)"),
        ("Broker,2025-02-30,1,overall,s", "date: must be a date such as 2025-04-12 (got 2025-02-30)"),
        ("Broker,2025-06-14,1,overall,s", "date: must lie within the run, 2025-05-20 to 2025-06-13 (got 2025-06-14)"),
        ("Broker,2025-05-19,1,overall,s", "date: must lie within the run, 2025-05-20 to 2025-06-13 (got 2025-05-19)"),
        ("Broker,2025-05-22,3,overall,s", "code: must be a whole number from -2 to 2 (got 3)"),
        ("Broker,2025-05-22,0.5,overall,s", "code: must be a whole number from -2 to 2 (got 0.5)"),
        ("Broker,2025-05-22,for,overall,s", "code: must be a whole number from -2 to 2 (got for)"),
        ("Broker,2025-05-22,,overall,s", "code: is missing"),
        ("Broker,2025-05-22,1,raid,s", "about: unknown issue; did you mean raids? (got raid)"),
        ("Broker,2025-05-22,1,overall, ", "source: is missing"),
    ],
)  # fmt: skip
def test_cell_that_is_wrong_is_told_with_its_line(read, row, refusal):
    good = "Port,2025-05-22,1,overall,s"
    assert refusals(read, HEADER, good, row) == [f"{FILE}:3: {refusal}"]


def test_everything_wrong_is_told_at_once_and_nothing_dropped(read):
    rows = [f"Nowhere {n},2025-05-22,9,overall,s" for n in range(3)]
    found = refusals(read, HEADER, *rows)
    assert len(found) == 6
    assert found[0].startswith(f"{FILE}:2: audience: unknown audience")
    assert found[5] == f"{FILE}:4: code: must be a whole number from -2 to 2 (got 9)"


def test_readings_are_one_or_two_and_the_second_has_a_first(read):
    head = f"{HEADER},reading"
    row = "Broker,2025-05-22,1,overall,s"
    assert refusals(read, head, f"{row},3") == [
        f"{FILE}:2: reading: must be a whole number from 1 to 2 (got 3)"
    ]
    assert refusals(read, head, f"{row},2") == [
        f"{FILE}:2: reading: is 2, but no row has reading 1 of this audience, date and about"
    ]
    assert len(read(head, f"{row},2", f"{row},")) == 2


def test_a_statement_coded_twice_is_refused(read):
    row = "Broker,2025-05-22,{},overall,s"
    assert refusals(read, HEADER, row.format(1), row.format(2)) == [
        f"{FILE}:3: audience: is given twice: line 2 has the same audience, date, about and reading"
    ]


@pytest.mark.parametrize(
    ("lines", "refusal"),
    [
        ([HEADER.replace(",", "|"), "a|b"], ":1: must have commas (or semicolons, or tabs) between the names of its columns (got audience|date|code|about|source)"),
        ([HEADER.replace("date", "day"), "a,b,c,d,e"], ":1: unknown column; known: audience, date, code, about, source, reading (got day)"),
        ([HEADER], ":1: must hold at least one coded statement below its columns"),
        ([HEADER, "Broker;2025-05-22;1;overall;s"], ":2: must hold as many cells as the header, 5, with the same sign between them; a text that holds that sign stands in double quotes (got 1)"),
        ([HEADER, "Broker,2025-05-22,1,overall,Press, 22 May"], ":2: must hold as many cells as the header, 5, with the same sign between them; a text that holds that sign stands in double quotes (got 6)"),
        ([f"{HEADER},date", "a,b,c,d,e,f"], ":1: date: is given twice"),
    ],
)  # fmt: skip
def test_header_and_signs_between_cells(read, lines, refusal):
    assert refusals(read, *lines)[0] == f"{FILE}{refusal}"


def test_missing_columns_are_each_told(read):
    assert refusals(read, "audience,code", "Broker,1") == [
        f"{FILE}:1: {column}: is missing" for column in ("date", "about", "source")
    ]


def test_spreadsheet_is_refused_with_what_to_do(read):
    assert "save it as CSV" in refusals(read, HEADER, name="said.xlsx")[0]


def test_country_of_an_audience_names_it_too(read, small):
    """An audience that is one country may be named by the code of that country."""

    def with_code(one):
        names = vars(one) | {"iso3": "USA" if one.name == "Broker" else None}
        return SimpleNamespace(**names)

    coded = SimpleNamespace(
        audiences=[*map(with_code, small.audiences)],
        claimants=small.claimants,
        issues=small.issues,
        start_date=small.start_date,
        steps=small.steps,
    )
    row = "{},2025-05-22,1,overall,s"
    assert read(HEADER, row.format("USA"), scenario=coded)[0].audience == "Broker"
    assert "did you mean USA?" in refusals(read, HEADER, row.format("usa"), scenario=coded)[0]
    both = refusals(read, HEADER, row.format("USA"), row.format("Broker"), scenario=coded)
    assert "is given twice" in both[0]


KNOWN = (
    "known: Washington (USA), London (GBR), Paris (FRA), Berlin (DEU), Brussels, Ottawa (CAN), "
    "UN New York, Rome (ITA), ...; --template lists all 49"
)


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("Moskow", "did you mean Moscow?"),
        ("Teheran", "did you mean Tehran?"),
        ("BEIJING", "did you mean Beijing?"),
        ("Bogot\u00e1", "did you mean Bogota?"),
        ("Washington DC", "did you mean Washington?"),
        ("chn", "did you mean CHN?"),
        ("Delhi", KNOWN),  # of a side, and no audience
        ("\u041c\u043e\u0441\u043a\u0432\u0430", KNOWN),
        ("Kyiv", KNOWN),
        # codes of countries that are no audience are near to others by their letters alone
        ("IND", KNOWN),
        ("PAK", KNOWN),
        ("UKR", KNOWN),
    ],
)
def test_capitals_that_are_no_audience_are_refused_with_what_is_known(read, states, word, reason):
    rows = [f"{word},2025-05-22,1,overall,s", "CHN,2025-05-22,1,overall,s"]
    assert refusals(read, HEADER, *rows, scenario=states) == [
        f"{FILE}:2: audience: unknown audience; {reason} (got {word})"
    ]


def test_template_reads_back_once_it_is_filled_in(read, small):
    head, *rows = template(small).splitlines()
    assert head == HEADER
    assert rows == ["Broker,,,overall,", "Port,,,overall,", "Hill,,,overall,"]
    missing = refusals(read, head, *rows)
    assert missing[:3] == [f"{FILE}:2: {name}: is missing" for name in ("date", "code", "source")]
    filled = [row.replace(",,,overall,", ",2025-05-22,1,overall,s") for row in rows]
    assert [one.audience for one in read(head, *filled)] == ["Broker", "Port", "Hill"]


def test_template_quotes_a_name_with_a_comma(read, small):
    named = [replace(one, name=f"{one.name}, the") for one in small.audiences]
    text = template(SimpleNamespace(audiences=named))
    assert text.splitlines()[1] == '"Broker, the",,,overall,'
