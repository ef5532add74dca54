"""What a sweep is: written once, checked when read, differences named."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InputError, RefusedError
from sim.store.identity import differences, read_identity, write_identity

KNOWN = {
    "parameters": {"parity": 0.3, "pique": 1},
    "arms": ["offer", "none"],
    "design": [{"point": 0, "strength": 0.1}, {"point": 1, "strength": 0.2}],
    "title": "a",
}


def test_identity_is_read_as_it_was_written(tmp_path: Path) -> None:
    digest = write_identity(tmp_path, KNOWN)
    assert read_identity(tmp_path) == (KNOWN, digest)
    text = json.dumps(KNOWN, sort_keys=True, separators=(",", ":"))
    assert digest == hashlib.sha256(text.encode()).hexdigest()


def test_hash_is_of_what_is_said_not_of_how(tmp_path: Path) -> None:
    backwards = dict(reversed(KNOWN.items()))
    own_types = {
        **backwards,
        "arms": ("offer", "none"),
        "parameters": {"pique": np.int64(1), "parity": np.float64(0.3)},
    }
    assert (
        len({write_identity(tmp_path, document) for document in (KNOWN, backwards, own_types)})
        == 1
    )
    assert differences(KNOWN, own_types) == []


def test_folder_without_a_sweep_is_bad_input(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "gone"):
        with pytest.raises(InputError, match=r"sweep\.json is missing"):
            read_identity(folder)


def test_changed_identity_is_refused(tmp_path: Path) -> None:
    write_identity(tmp_path, KNOWN)
    path = tmp_path / "sweep.json"
    text = path.read_text()
    for changed in (text.replace("0.3", "0.30000000000000004"), text.replace('"offer"', '"Offer"'), text[:-9], "",
                    "[]", "{}", '{"sha256": "", "sweep": []}', "[" * 33 + "]" * 33, "\0", '{"sha256": 1, "sweep": {}}',
                    text.replace("0.3", "NaN"), text.replace('"sha256": "', '"sha256": "0')):  # fmt: skip
        path.write_text(changed)
        with pytest.raises(RefusedError, match=r"sweep\.json: is damaged"):
            read_identity(tmp_path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"parameters": {"parity": 0.4, "pique": 1}}, ["parameters.parity: was 0.3, is 0.4"]),
        ({"parameters": {"parity": 0.3}}, ["parameters.pique: was 1, is absent"]),
        ({"parameters": {"parity": 0.3, "pique": 1.0}}, ["parameters.pique: was 1, is 1.0"]),
        ({"parameters": {"parity": 0.3, "pique": True}}, ["parameters.pique: was 1, is true"]),
        ({"parameters": 0.3}, ['parameters: was {"parity": 0.3, "pique": 1}, is 0.3']),
        ({"more": {"a": [1]}}, ['more: was absent, is {"a": [1]}']),
        ({"more": None}, ["more: was absent, is null"]),
        ({"arms": ["offer"]}, ['arms: was ["offer", "none"], is ["offer"]']),
        ({"arms": ["offer", "x"]}, ["arms[1]: was none, is x"]),
        ({"design": [{"point": 0, "strength": 0.1}, {"point": 1, "strength": 0.3}]},
         ["design[1].strength: was 0.2, is 0.3"]),
        ({"title": "b" * 90}, ["title: was a, is " + "b" * 57 + "..."]),
    ],
)  # fmt: skip
def test_differences_are_named(change: dict[str, object], said: list[str]) -> None:
    assert differences(KNOWN, {**KNOWN, **change}) == said


def test_many_differences_are_counted() -> None:
    known = {str(number): number for number in range(25)}
    found = differences(known, {key: value + 1 for key, value in known.items()})
    assert len(found) == 21
    assert found[0] == "0: was 0, is 1"
    assert found[-1] == "and 5 more"


plain = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from([0.0, 1.0, 0.5, "", "a", "0"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=8,
)
documents = st.dictionaries(st.sampled_from("abc"), plain, max_size=3)


@given(documents, documents)
def test_there_are_differences_where_the_hashes_differ(
    known: dict[str, object], now: dict[str, object]
) -> None:
    one, other = (
        json.dumps(document, sort_keys=True) for document in (known, now)
    )  # what is hashed
    assert (differences(known, now) == []) is (one == other)
