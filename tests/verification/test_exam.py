"""Every plug-in of the package passes the exam, and faulty ones fail the check made for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.plugins import registry
from sim.testing import examine
from sim.verification.exam import CHECKS
from tests.conftest import JIT

HEAD = '"""Made up to fail."""\nfrom sim.compiling import law\n'
POLICY = "def faulty(view):\n    return 1.0 if view.tension > 2.0 else 0.0\n"
FAULTY = {
    "contract": [
        "def faulty(gain, precision):\n    return 2.0\n",
        "def faulty(gain, precision):\n    return None\n",
        "def faulty(sympathy, source, message, options):\n    return 1.0 / (source - sympathy)\n",
        "CONSTANT = True\ndef faulty(sympathy, source, message, options):\n    return 0.5\n",
        "def faulty(view, places):\n    places[:] = 0\n",  # the rival's teams too
        "def faulty(view, places):\n    places[view.owner == view.me] = view.audiences\n",
        "def faulty(view, places):\n    view.stops[0] = 1\n    places[view.owner == view.me] = -1\n",
        "def faulty(view):\n    return view.since_offer\n",  # infinite before the first offer
    ],
    "means": [
        POLICY + "def today(view):\n    return view.calming + 0.1, view.branching_ratio\n",
        POLICY + "def today(view):\n    return view.calming, 1.0\n",
        POLICY + "def adjusted(c):\n    return c._replace(parity=0.5)\n",
    ],
    "fairness": [
        "def faulty(view):\n    return view.first_accepts\n",
        POLICY + (
            "def today(view):\n"
            "    return (0.0 if view.first_sympathy > 0.0 else view.calming), view.branching_ratio\n"
        ),
        "def faulty(view, places):\n"
        "    places[view.owner == view.me] = view.day % 2 if view.me == 0 else 0\n",
    ],
    "determinism": [
        "asked = []\ndef faulty(gain, precision):\n"
        "    asked.append(gain)\n    return 1.0 / len(asked)\n",
    ],
    "finiteness": [  # seldom enough for single questions not to meet it
        "def faulty(sympathy, source, message, options):\n"
        "    return float('nan') if 0.2 < sympathy < 0.3 else 1.0\n",
    ],
    "mirror": [
        "def faulty(view):\n    return float(view.since_offer >= view.offer_cooldown)\n"
        "def today(view):\n"
        "    mu = 0.0 if 0.06 < view.first_sympathy < 0.45 else view.calming\n"
        "    return mu, view.branching_ratio\n",
    ],
}  # fmt: skip
# Plain Python and compiled code differ: the compiled one divides by 0 in silence
FAULTY_COMPILED = {
    "contract": [
        "@law\ndef faulty(gain, precision):\n    return 0.0 if 1.0 / gain < 0.0 else 1.0\n"
    ],
    "compilation": [
        "@law\ndef faulty(gain, precision):\n    return 1.0 if int(gain * 1e16) > 0 else 0.0\n"
    ],
    "engines": [
        "@law\ndef faulty(sympathy, source, message, options):\n"
        "    return 0.5 if 0.1 < sympathy < 0.4 and int(sympathy * 9e19) > 0 else 1.0\n"
    ],
}


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """What a test names is not known to the next one."""
    with registry.none_from_outside():
        yield


def written(folder: Path, text: str) -> str:
    file = folder / "faulty.py"
    file.write_text(HEAD + text, encoding="utf-8")
    return f"{file}:faulty"


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind in registry.KINDS for name in registry.names(kind)]
)
def test_every_plug_in_passes(kind: str, name: str) -> None:
    exam = examine(name, kind)
    assert exam.passed, exam.failures
    assert not exam.notes
    assert exam.checks == tuple(CHECKS)


@pytest.mark.parametrize(
    ("check", "text"),
    [(check, text) for check, texts in FAULTY.items() for text in texts]
    + [(check, text) for check, texts in FAULTY_COMPILED.items() for text in texts if JIT],
)
def test_faulty_plug_in_fails_the_check_made_for_it(check: str, text: str, tmp_path: Path) -> None:
    exam = examine(written(tmp_path, text))
    assert not exam.passed
    assert exam.checks[-1] == check, exam.failures
    assert all(failure.startswith(f"{check}: ") for failure in exam.failures)


def test_every_check_can_fail() -> None:
    assert {*FAULTY, *FAULTY_COMPILED} == set(CHECKS)


def test_plug_in_that_is_not_compiled_passes_with_a_note(tmp_path: Path) -> None:
    text = "def faulty(gain, precision):\n    return float(f'{float(gain > 0.0)}')\n"
    exam = examine(written(tmp_path, text))
    assert exam.passed, exam.failures
    assert len(exam.notes) == int(JIT)
    assert all("Mesa engine only" in note for note in exam.notes)


def test_what_cannot_be_loaded_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="must take the arguments of one of the kinds"):
        examine(written(tmp_path, "def faulty(much):\n    return 1.0\n"))
