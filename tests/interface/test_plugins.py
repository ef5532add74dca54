"""Plug-ins from outside: named on the command line, honoured by every verb, refused in clear words."""

from __future__ import annotations

import json
import multiprocessing
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.errors import InputError, Terminated
from sim.plugins import registry
from sim.plugins.outside import Outside
from sim.running.plugin_contracts import GAINS, LEVELS
from sim.scenario.scenario import Scenario
from tests.conftest import JIT
from tests.interface.conftest import Answer

Narrate = Callable[..., Answer]
CAUTIOUS = '''"""Accepts only what is plainly worth it."""
from sim.compiling import law
@law
def cautious(gain, precision):
    """1 where the gain is above 0.1."""
    return 1.0 if gain > 0.1 else 0.0
'''
# Numba does not write numbers as text
SLOW = CAUTIOUS.replace("gain > 0.1", "float(f'{gain}') > 0.1")
SIDE = "claimants.Aria.acceptance=cautious"


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    with registry.none_from_outside():
        yield


@pytest.fixture
def cautious(place: Path) -> str:
    (place / "cautious.py").write_text(CAUTIOUS, encoding="utf-8")
    return "cautious.py:cautious"


def manifest_of(folder: Path) -> dict[str, object]:
    return dict(json.loads((folder / "manifest.json").read_text(encoding="utf-8")))


def test_plugin_is_listed_with_its_first_line(narrate: Narrate, cautious: str) -> None:
    answer = narrate("list", "acceptances", "--plugin", cautious)
    assert answer.code == 0
    assert "cautious  Accepts only what is plainly worth it." in answer.out
    assert "cautious" not in narrate("list", "acceptances").out


@pytest.mark.parametrize(
    "words",
    [["run", "small.yaml", "--engine", "mesa", "--no-report"],
     ["run", "small.yaml", "--engine", "ensemble", "--no-report"],
     ["compare", "small.yaml", "-n", "3", "--no-report"], ["sweep", "small.yaml", "--param", "parity=0,1", "-n", "2"],
     ["explain", "small.yaml", "--audience", "Broker"], ["show", "small.yaml"]],
    ids=lambda words: "-".join(words[::2]),
)  # fmt: skip
def test_every_verb_that_reads_a_scenario_takes_plugins(
    words: list[str], narrate: Narrate, cautious: str
) -> None:
    without = narrate(*words, "--set", SIDE)
    assert without.code == 2
    assert "unknown acceptance rule" in without.err
    answer = narrate(*words, "--set", SIDE, "--plugin", cautious)
    assert answer.code == 0, answer.err
    assert "warning" not in answer.err
    assert not list(Path().rglob("__pycache__"))


def test_scenario_alone_cannot_run_a_file(narrate: Narrate, cautious: str, place: Path) -> None:
    text = (place / "small.yaml").read_text(encoding="utf-8")
    for named in ("cautious", cautious, "cautious.py"):
        (place / "sly.yaml").write_text(
            text.replace("{name: Aria,", f"{{name: Aria, acceptance: '{named}',"), encoding="utf-8"
        )
        answer = narrate("validate", "sly.yaml")
        assert answer.code == 2
        assert "unknown acceptance rule" in answer.err
    assert narrate("run", "sly.yaml").code == 2


BAD = [
    ("cautious", "", "must be FILE.py:NAME"),
    ("cautious.txt:cautious", "", "must be FILE.py:NAME"),
    ("cautious.py:no-name", "", "must be FILE.py:NAME"),
    ("cautious.py:" + "a" * 61, "", "must be FILE.py:NAME"),
    ("missing.py:cautious", "", "cannot be read: No such file"),
    ("made.py:cautious", "def cautious(gain, precision:\n", "made.py:1:13: is not Python"),
    ("made.py:cautious", "\0", "is not Python"),
    ("made.py:cautious", "((", "is not Python"),
    ("made.py:cautious", "x = 1\n\ny = x / 0\n", "made.py:3: the plug-in raised ZeroDivisionError"),
    ("made.py:cautious", "import sys\nsys.exit(0)\n", "made.py:2: the plug-in raised SystemExit"),
    ("made.py:cautious", "def other(gain, precision): ...\n", "made.py: has no function cautious"),
    ("made.py:cautious", "cautious = 3\n", "made.py: has no function cautious"),
    ("made.py:cautious", "def cautious(gain): ...\n", "cautious: must take the arguments of one"),
    ("made.py:logit", "def logit(gain, precision): ...\n", "name is taken by logit of the package"),
    ("made.py:LOGIT", "def LOGIT(gain, precision): ...\n", "name is taken by logit of the package"),
    ("made.py:r", "OPTIONS = {'eps': 'wide'}\ndef r(sympathy, source, message, options): ...\n",
     "made.py: OPTIONS: must map names"),
    ("made.py:cautious", "#" * (1 << 20) + "\n", "at most 1 MiB"),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "text", "said"), BAD, ids=[case[2] for case in BAD])
@pytest.mark.parametrize("verb", ["run", "validate"])
def test_bad_plugin_is_refused(
    verb: str, spec: str, text: str, said: str, narrate: Narrate, place: Path
) -> None:
    if text:
        (place / "made.py").write_text(text, encoding="utf-8")
    before = sorted(place.rglob("*"))
    answer = narrate(verb, "small.yaml", "--plugin", spec)
    assert answer.code == 2
    assert answer.out == ""
    assert answer.err.startswith("error: ")
    assert said in answer.err
    assert "Traceback" not in answer.err
    assert sorted(place.rglob("*")) == before


def test_name_is_given_once(narrate: Narrate, cautious: str, place: Path) -> None:
    again = narrate("run", "small.yaml", "--plugin", cautious, "--plugin", cautious)
    assert (again.code, again.out) == (2, "")
    assert "is given twice" in again.err
    for name in ("cautious", "Cautious"):
        (place / "other.py").write_text(CAUTIOUS.replace("cautious", name), encoding="utf-8")
        clash = narrate("run", "small.yaml", "--plugin", cautious, "--plugin", f"other.py:{name}")
        assert clash.code == 2
        assert "the name is taken by cautious of cautious.py" in clash.err


def test_error_of_a_plugin_in_a_run_names_its_line(narrate: Narrate, place: Path) -> None:
    (place / "made.py").write_text(
        '"""Fails."""\ndef cautious(gain, precision):\n    return 1.0 / (gain - gain)\n',
        encoding="utf-8",
    )
    words = ["--set", SIDE, "--plugin", "made.py:cautious", "--arm", "offer"]
    answer = narrate("run", "small.yaml", *words)
    assert answer.code == 2
    expected = "error: made.py:3: cautious: the plug-in raised ZeroDivisionError: float division"
    assert answer.err.startswith(expected)
    assert "Traceback" not in answer.err


BROKEN = {
    "NaN": ("cautious(gain, precision)", "return float('nan')", "cautious(-1000000.0, 2.0) must be a probability from 0 to 1, not nan"),
    "2.0": ("cautious(gain, precision)", "return 2.0", "cautious(-1000000.0, 2.0) must be a probability from 0 to 1, not 2.0"),
    "word": ("cautious(gain, precision)", "return 'yes'", "must return a number"),
    "raises": ("cautious(gain, precision)", "raise KeyError('x')", "the plug-in raised KeyError"),
    "infinite": ("eager(sympathy, source, message, options)", "return 1e400", "must be a finite number, not inf"),
    "writes": ("eager(sympathy, source, message, options)", "options[0] = 1.0", "the plug-in raised TypeError"),
    "moves": ("roam(view, places)", "view.owner[0] = 1", "read-only"),
    "stays": ("roam(view, places)", "pass", "the plug-in must send teams to"),
    "offers": ("calm(view)", "return float('nan')", "must be a finite number, not nan"),
}  # fmt: skip
USED = {
    "cautious": SIDE, "eager": "update_rule=eager", "roam": "claimants.Aria.strategy=roam",
    "calm": "mediator.policy=calm",
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_plugin_that_breaks_its_contract_is_refused_alike_by_all_verbs(
    narrate: Narrate, place: Path, case: str
) -> None:
    """Before anything is compiled or run; no folder is made."""
    head, body, reason = BROKEN[case]
    name = head.partition("(")[0]
    (place / "made.py").write_text(f'"""Breaks."""\ndef {head}:\n    {body}\n', encoding="utf-8")
    words = ["small.yaml", "--set", USED[name], "--plugin", f"made.py:{name}"]
    said = set()
    for verb in (["run", "--arm", "offer"], ["run", "--engine", "ensemble"], ["compare", "-n", "2"],
                 ["compare", "-n", "2", "--engine", "mesa"], ["sweep", "--param", "parity=0.1", "-n", "2"]):  # fmt: skip
        answer = narrate(verb[0], *words, *verb[1:], "--out", "out")
        assert (answer.code, answer.out) == (2, "")
        assert not (place / "out").exists()
        said |= {line for line in answer.err.splitlines() if not line.startswith("note: ")}
    assert len(said) == 1
    assert said.pop().startswith("error: made.py")
    assert reason in answer.err
    scenario = Scenario.from_yaml("small.yaml", plugins=[f"made.py:{name}"]).set([USED[name]])
    with pytest.raises(InputError, match=name):
        sim.run(scenario, arm="offer")


# Wrong only where no question looks: met in the runs alone
HIDDEN = {
    "sure": ("cautious(gain, precision)", f"return 0.5 if gain in {GAINS} else 2.0"),
    "no chance": ("cautious(gain, precision)", f"return 0.5 if gain in {GAINS} else gain * math.nan"),
    "infinite": ("eager(sympathy, source, message, options)",
                 f"return 1.0 if sympathy in {LEVELS} else math.inf"),
    "no policy": ("calm(view)", "return math.nan if view.offer_cooldown not in (1.0, 14.0) else 0.0"),
    "means": ("today(view)", "return 2.0 if view.first_sympathy not in "
              f"{LEVELS} else view.calming, view.branching_ratio\n\n"
              "def calm(view):\n    return 1.0"),
}  # fmt: skip


@pytest.mark.parametrize("case", HIDDEN)
def test_fault_that_no_question_meets_loses_its_runs_alike_in_both_engines(
    narrate: Narrate, place: Path, case: str
) -> None:
    head, body = HIDDEN[case]
    name = "calm" if case == "means" else head.partition("(")[0]
    (place / "made.py").write_text(
        f'"""Breaks."""\nimport math\ndef {head}:\n    {body}\n', encoding="utf-8"
    )
    words = ["small.yaml", "--set", USED[name], "--set", "parameters.offer_cooldown=5",
             "--plugin", f"made.py:{name}", "--no-report"]  # fmt: skip
    found = {}
    for number, verb in enumerate((
        ["run", "--arm", "offer", "--engine", "mesa"], ["run", "--arm", "offer", "--engine", "ensemble"],
        ["compare", "-n", "2"], ["compare", "-n", "2", "--engine", "mesa", "--jobs", "1"],
        ["sweep", "--param", "parity=0.1", "-n", "2"],
    )):  # fmt: skip
        out = place / f"out{number}"
        quiet = words if verb[0] != "sweep" else words[:-1]
        answer = narrate(verb[0], *quiet, *verb[1:], "--out", str(out))
        assert answer.code == 1, answer.err
        rows = pd.read_csv(out / "failures.csv")
        found[number] = set(rows["message"])
        assert all(f", with made.py:{name}" in said for said in found[number])
    assert found[0] == found[1]
    assert found[2] == found[3]


@pytest.mark.skipif(not JIT, reason="without compilation the error has its line")
def test_error_that_only_compiled_days_meet_names_the_plugin(
    narrate: Narrate, place: Path
) -> None:
    (place / "made.py").write_text(
        f'"""Fails."""\ndef cautious(gain, precision):\n    if gain not in {GAINS}:\n'
        "        raise ValueError('too far')\n    return 0.5\n",
        encoding="utf-8",
    )
    words = ["small.yaml", "--set", SIDE, "--plugin", "made.py:cautious"]
    for verb in (["run", "--arm", "offer", "--engine", "ensemble"], ["compare", "-n", "2"]):
        answer = narrate(verb[0], *words, *verb[1:])
        assert (answer.code, answer.out) == (2, "")
        assert answer.err.splitlines()[-1].startswith("error: made.py")
        assert "cautious: the plug-in raised ValueError: too far" in answer.err


@pytest.mark.parametrize(("stop", "code"), [(KeyboardInterrupt, 130), (Terminated, 143)])
def test_plugin_that_does_not_answer_is_named_when_it_is_stopped(
    narrate: Narrate, place: Path, stop: type[BaseException], code: int
) -> None:
    """The signal's own exception, raised where an endless loop would be met."""
    (place / "made.py").write_text(
        '"""Never answers."""\nfrom sim.errors import Terminated\n'
        f"def cautious(gain, precision):\n    raise {stop.__name__}\n",
        encoding="utf-8",
    )
    answer = narrate("compare", "small.yaml", "--set", SIDE, "--plugin", "made.py:cautious")
    assert answer.code == code
    assert "nothing was kept, made.py:cautious was asked and had not answered" in answer.err


@pytest.mark.skipif(not JIT, reason="without compilation everything runs")
@pytest.mark.parametrize("asked", [[], ["--engine", "ensemble", "--jobs", "1"]])
def test_plugin_that_cannot_be_compiled_runs_on_agents_with_one_warning(
    asked: list[str], narrate: Narrate, place: Path
) -> None:
    (place / "cautious.py").write_text(SLOW, encoding="utf-8")
    words = ["compare", "small.yaml", "-n", "3", "--no-report", "--set", SIDE,
             "--plugin", "cautious.py:cautious"]  # fmt: skip
    answer = narrate(*words, *asked, "--out", "slow")
    assert answer.code == 0, answer.err
    warnings = [line for line in answer.err.splitlines() if line.startswith("warning: ")]
    assert len(warnings) == 1
    assert "cautious.py:cautious cannot be compiled" in warnings[0]
    assert "times slower" in warnings[0]
    (place / "cautious.py").write_text(CAUTIOUS, encoding="utf-8")
    assert narrate(*words, "--engine", "mesa", "--jobs", "1", "--out", "agents").code == 0
    content = [manifest_of(place / name)["content_sha256"] for name in ("slow", "agents")]
    assert content[0] == content[1]
    assert manifest_of(place / "slow")["engine"] == "mesa"


@pytest.mark.skipif(not JIT, reason="without compilation everything runs")
def test_plugin_that_is_not_used_costs_nothing(narrate: Narrate, place: Path) -> None:
    (place / "cautious.py").write_text(SLOW, encoding="utf-8")
    words = ["--no-report", "--plugin", "cautious.py:cautious", "--out", "fast"]
    answer = narrate("compare", "small.yaml", "-n", "3", *words)
    assert "warning" not in answer.err
    assert manifest_of(place / "fast")["engine"] == "ensemble"


def test_engines_agree_on_an_outside_plugin(cautious: str, place: Path) -> None:
    from sim.verification.comparing import differences, record_of_run, run_agents, run_compiled

    scenario = sim.Scenario.from_yaml(place / "small.yaml", arm="offer", plugins=[cautious])
    plain = scenario.set({"claimants.Aria.acceptance": "always"})
    scenario = scenario.set({"claimants.Aria.acceptance": "cautious"})
    record = run_agents(scenario, 7, 0)
    assert not differences(record, record_of_run(run_compiled(scenario, 7, [0]).record, 0))
    assert differences(record, run_agents(plain, 7, 0))


def test_manifest_tells_the_plugins_by_their_content(
    narrate: Narrate, cautious: str, place: Path
) -> None:
    words = ["run", "small.yaml", "--no-report", "--quiet"]
    assert narrate(*words, "--out", "none").code == 0
    assert narrate(*words, "--plugin", cautious, "--out", "one").code == 0
    with (place / "cautious.py").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert narrate(*words, "--plugin", cautious, "--out", "two").code == 0
    none, one, two = (manifest_of(place / name) for name in ("none", "one", "two"))
    assert none["plugins"] == []
    assert [set(row) for row in one["plugins"]] == [{"kind", "name", "file", "sha256"}]
    assert one["plugins"][0]["file"] == "cautious.py"
    assert one["plugins"] != two["plugins"]
    assert len({none["code_version"], one["code_version"], two["code_version"]}) == 3


def test_replay_command_names_the_plugins(narrate: Narrate, cautious: str, place: Path) -> None:
    (place / "cautious.py").write_text(
        CAUTIOUS + "def lost(sympathy, source, message, options):\n"
        "    return 1.0 if sympathy in (-1.0, -0.6, -0.05, 0.0, 0.05, 0.5, 1.0) else float('nan')\n"
    )
    # wrong only where no question looks: it is met in the runs
    words = ["--set", "update_rule=lost", "--plugin", "cautious.py:lost", "--plugin", cautious]
    answer = narrate("compare", "small.yaml", "-n", "2", "--set", SIDE, *words, "--out", "lost",
                     "--no-report")  # fmt: skip
    assert answer.code == 1, answer.err
    failures = pd.read_csv(place / "lost" / "failures.csv")
    command = shlex.split(failures["replay_command"][0])
    assert command.count("--plugin") == 2
    again = narrate(*command[1:], "--no-report")
    assert again.code == 1
    assert "left the finite numbers" in again.err


def test_python_names_plugins_by_an_argument(cautious: str) -> None:
    with pytest.raises(InputError, match="unknown acceptance rule"):
        sim.Scenario.from_yaml("small.yaml", sets=[SIDE])
    scenario = sim.Scenario.from_yaml("small.yaml", sets=[SIDE], plugins=[cautious])
    done = sim.compare(scenario, plugins=[cautious], pairs=2, channels=False)
    assert len(done.runs)
    assert len(sim.run(scenario, "offer", plugins=[cautious]).messages)
    assert len(sim.sweep(scenario, {"parity": [0.1]}, plugins=[cautious], replicates=2).runs)
    sim.evaluate({"scenario": "small.yaml"}, plugins=[cautious])


@pytest.mark.skipif(not JIT, reason="without compilation everything runs")
def test_python_warns_where_agents_must_run(place: Path) -> None:
    (place / "cautious.py").write_text(SLOW, encoding="utf-8")
    scenario = sim.Scenario.from_yaml(
        "small.yaml", sets=[SIDE], plugins=["cautious.py:cautious"]
    )  # fmt: skip
    with pytest.warns(UserWarning, match="times slower"):
        sim.compare(scenario, pairs=2, channels=False, jobs=1)
    with pytest.warns(UserWarning, match="times slower"):
        sim.run(scenario, "offer", engine="ensemble")
    with pytest.warns(UserWarning, match="times slower"):
        sim.sweep(scenario, {"parity": [0.1]}, replicates=2, jobs=1)


def test_file_named_again_is_read_again(cautious: str, place: Path) -> None:
    registry.use([cautious])
    assert registry.load("acceptance", "cautious")(0.15, 20.0) == 1.0
    (place / "cautious.py").write_text(CAUTIOUS.replace("> 0.1", "> 0.2"), encoding="utf-8")
    registry.use([cautious])
    assert registry.load("acceptance", "cautious")(0.15, 20.0) == 0.0


def answer_elsewhere(plugins: tuple[Outside, ...]) -> float:
    registry.adopt(plugins)
    return float(registry.load("acceptance", "cautious")(0.15, 20.0))


def test_another_process_runs_what_was_read_here(cautious: str, place: Path) -> None:
    """Where processes do not inherit what this one knows, and the file has changed since."""
    registry.use([cautious])
    (place / "cautious.py").write_text("", encoding="utf-8")
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(answer_elsewhere, (registry.from_outside(),)) == 1.0


def test_validate_lets_a_plugin_sit_the_exam(narrate: Narrate, cautious: str, place: Path) -> None:
    answer = narrate("validate", "--plugin", cautious)
    assert (answer.code, answer.out) == (0, "cautious.py:cautious: ok\n"), answer.err
    (place / "cautious.py").write_text(CAUTIOUS.replace("0.0", "-1.0"), encoding="utf-8")
    answer = narrate("validate", "small.yaml", "--plugin", cautious)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("error: cautious.py:cautious: contract: cautious(")
    assert narrate("validate", "missing.yaml", "--plugin", cautious).code == 2
    nothing = narrate("validate")
    assert nothing.code == 2
    assert "FILE: is missing" in nothing.err


@pytest.mark.skipif(not JIT, reason="without compilation everything runs")
def test_validate_notes_what_cannot_be_compiled(narrate: Narrate, place: Path) -> None:
    (place / "cautious.py").write_text(SLOW, encoding="utf-8")
    answer = narrate("validate", "--plugin", "cautious.py:cautious", "--json")
    assert answer.code == 0
    (verdict,) = json.loads(answer.out)
    assert verdict["ok"]
    assert "Mesa engine only" in verdict["notes"][0]
    assert sys.modules["narrate_plugin_cautious"].__doc__
