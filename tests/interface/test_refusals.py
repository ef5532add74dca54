"""Bad input and usage: exit code, first line, nothing on stdout, nothing created."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.interface.conftest import Answer
from tests.pace import slower_than
from tests.scenario.bad_input import CASES, GOOD, Bad, write

Narrate = Callable[..., Answer]


@pytest.fixture(scope="module", autouse=True)
def imported() -> None:
    """What ``sweep`` imports late takes two seconds the first time: not what is measured here."""
    import sim.studies.sweep  # noqa: F401


def words_for(case: Bad) -> tuple[str, ...]:
    if case.entry == "set":
        return ("run", "case.yaml", f"--set={case.text}")
    if case.entry == "param":
        return ("sweep", "case.yaml", f"--param={case.text}")
    return ("run", "case.yaml")


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_bad_input_is_refused_by_the_command_line(
    case: Bad, narrate: Narrate, place: Path
) -> None:
    write(place / "case.yaml", case.text if case.entry == "file" else GOOD)
    before = sorted(os.listdir(place))

    def refuse() -> None:
        answer = narrate(*words_for(case))
        assert (answer.code, answer.out) == (2, "")
        expected = case.expected.replace("{path}", "case.yaml")
        assert answer.err.split("\n")[0] == f"error: {expected}"
        assert "Traceback" not in answer.err

    assert not slower_than(3, refuse)  # as many keys and values as may be: 2.3 s
    assert sorted(os.listdir(place)) == before


USAGE = {
    "unknown verb": (["runn"], "narrate: unknown verb; did you mean run? (got runn)"),
    "option first": (["--sed", "3"], "--sed: unknown option; see narrate --help"),
    "unknown option": (["run", "--sed", "3"], "--sed: unknown option; did you mean --seed?"),
    "abbreviated": (["run", "--repli", "3"], "--repli: unknown option; did you mean --replicate?"),
    "word too many": (["run", "small.yaml", "x"],
                      "x: unexpected argument; see narrate run --help"),
    "no file": (["validate"], "FILE: is missing; see narrate validate --help"),
    "no value": (["run", "--seed"], "--seed: expected one argument"),
    "seed a word": (["run", "--seed", "one"],
                    "--seed: must be a whole number from 0 to 18446744073709551615 (got one)"),
    "seed negative": (["run", "--seed=-1"],
                      "--seed: must be a whole number from 0 to 18446744073709551615 (got -1)"),
    "seed too large": (["run", "--seed", "18446744073709551616"],
                       "--seed: must be a whole number from 0 to 18446744073709551615 "
                       "(got 18446744073709551616)"),
    "seed octal": (["run", "--seed", "012"],
                   "--seed: must be a whole number from 0 to 18446744073709551615 (got 012)"),
    "steps with an underscore": (["run", "--steps", "1_0"],
                                 "--steps: must be a whole number from 1 to 36500 (got 1_0)"),
    "steps in other digits": (["run", "--steps", "\u0661\u0660"],
                              "--steps: must be a whole number from 1 to 36500 (got \u0661\u0660)"),
    "no pairs": (["compare", "-n", "0"],
                 "--replicates: must be a whole number from 1 to 10000000 (got 0)"),
    "unknown engine": (["run", "--engine", "mess"],
                       "--engine: must be one of these; did you mean mesa? (got mess)"),
    "unknown scenario": (["run", "kashmir_2052"],
                         "kashmir_2052: unknown scenario; did you mean kashmir_2025?"),
    "unknown arm": (["run", "small.yaml", "--arm", "offr"],
                    "--arm: unknown arm; did you mean offer? (got offr)"),
    "unknown arm of a comparison": (["compare", "small.yaml", "--arms", "offer,ofer"],
                                    "--arms: unknown arm; did you mean offer? (got ofer)"),
    "arm twice": (["compare", "small.yaml", "--arms", "offer,offer"],
                  "--arms: is given twice (got offer)"),
    "unknown baseline": (["compare", "small.yaml", "--baseline", "none"],
                         "--baseline: unknown arm; known: no_offer, offer (got none)"),
    "empty arm": (["compare", "small.yaml", "--arms", "offer,"],
                  "--arms: must be names with commas between (got offer,)"),
    "unknown audience": (["explain", "small.yaml", "--audience", "Prot"],
                         "--audience: unknown audience; did you mean Port? (got Prot)"),
    "unknown claimant": (["explain", "small.yaml", "--audience", "Port", "--toward", "Ariel"],
                         "--toward: unknown claimant; did you mean Aria? (got Ariel)"),
    "no such month": (["explain", "small.yaml", "--audience", "Port", "--month", "2025-13"],
                      "--month: must be a month such as 2025-06 (got 2025-13)"),
    "month outside": (["explain", "small.yaml", "--audience", "Port", "--month", "2025-07"],
                      "--month: must lie within the run, 2025-05-20 to 2025-06-12 (got 2025-07)"),
    "month at the end of the calendar": (["explain", "small.yaml", "--audience", "Port", "--month",
                                          "9999-12"], "--month: must lie within the run, "
                                         "2025-05-20 to 2025-06-12 (got 9999-12)"),
    "no such day": (["explain", "small.yaml", "--audience", "Port", "--day", "2025-02-30"],
                    "--day: must be a day: a date such as 2025-06-01, or a whole number of days "
                    "(got 2025-02-30)"),
    "day outside": (["explain", "small.yaml", "--audience", "Port", "--day", "24"],
                    "--day: must lie within the run, 2025-05-20 to 2025-06-12 (got 24)"),
    "days the wrong way": (["explain", "small.yaml", "--audience", "Port", "--from", "9",
                            "--until", "8"], "--from: must not come after --until (got 9)"),
    "two spans": (["explain", "small.yaml", "--audience", "Port", "--day", "9", "--month",
                   "2025-06"], "--month, --day and --from/--until: give one of them"),
    "nothing to drop": (["run", "small.yaml", "--without", "narrative:victms"],
                        "without: unknown narrative; did you mean victim? (got narrative:victms)"),
    "no message to drop": (["run", "small.yaml", "--without", "message:d8-099"],
                           "without: names no message of this run (got message:d8-099)"),
    "message and engine": (["run", "small.yaml", "--engine", "ensemble", "--without",
                            "message:d8-001"], "without: single messages are dropped by the Mesa "
                           "engine only (got message:d8-001)"),
    "no run folder": (["report", "."], ".: is not a run folder (manifest.json is missing)"),
    "control characters": (["run", "no\x1b[31m\nthing.yaml"],
                           "no\\x1b[31m\\nthing.yaml: there is no such file"),
    "empty path": (["run", "-o", ""], "--out: must be a path (got )"),
    "unknown list": (["list", "metric"],
                     "WHAT: must be one of these; did you mean metrics? (got metric)"),
    "parameter without values": (["sweep", "small.yaml"], "--param: is missing; see "
                                 "narrate sweep --help"),
    "range the wrong way": (["sweep", "small.yaml", "--param", "parity=0:x:3"],
                            "--param: parity: must be low:high:count or values with commas "
                            "between (got 0:x:3)"),
    "range of one": (["sweep", "small.yaml", "--param", "parity=0:1:1"],
                     "--param: parity: must be low:high:count or values with commas between "
                     "(got 0:1:1)"),
    "zip of two lengths": (["sweep", "small.yaml", "--param", "parity=0,1", "--param",
                            "goodwill=0.01,0.02,0.03", "--design", "zip"],
                           "--param: a zip design needs lists of one length (parity has 2, goodwill has "
                           "3)"),
    "parameter twice": (["sweep", "small.yaml", "--param", "parity=0,1", "--param",
                         "parameters.parity=0.5"], "--param: parameters.parity: is given twice"),
}  # fmt: skip


@pytest.mark.parametrize("name", USAGE)
def test_usage_errors_say_what_was_meant(name: str, narrate: Narrate, place: Path) -> None:
    words, expected = USAGE[name]
    answer = narrate(*words)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.split("\n")[0] == f"error: {expected}"
    assert os.listdir(place) == ["small.yaml"]


def test_results_are_never_overwritten(narrate: Narrate, place: Path) -> None:
    (place / "full").mkdir()
    (place / "full" / "mine").write_text("kept")
    answer = narrate("run", "small.yaml", "-o", "full")
    assert (answer.code, answer.out) == (3, "")
    assert answer.err == "error: full: the folder is not empty; results are never overwritten\n"
    assert os.listdir(place / "full") == ["mine"]
    assert narrate("run", "small.yaml", "-o", "small.yaml").code == 3


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_forbidden_folder_is_named(narrate: Narrate, place: Path) -> None:
    (place / "shut").mkdir(mode=0o500)
    answer = narrate("run", "small.yaml", "-o", "shut/here")
    assert (answer.code, answer.out) == (4, "")
    assert answer.err.startswith("error: shut/here: Permission denied")


def test_file_in_the_way_is_named(narrate: Narrate, place: Path) -> None:
    (place / "results").write_text("a file")
    answer = narrate("run", "small.yaml")
    assert (answer.code, answer.out) == (4, "")
    assert answer.err.startswith("error: results")
