"""The same numbers on every Python, numpy and Mesa: each is held against one stored run."""

from __future__ import annotations

import json

import numpy as np

from tests.model import baseline

# Half of 1e-12, so that any two versions that pass agree to 1e-12
TOLERANCE = 5e-13


def test_stored_run_is_reproduced_on_this_python() -> None:
    stored = json.loads(baseline.FILE.read_text(encoding="utf-8"))
    found = baseline.values()
    assert found.keys() == stored.keys()
    for name, fields in stored.items():
        for field, expected in fields.items():
            got, wanted = np.array(found[name][field]), np.array(expected)
            assert got.shape == wanted.shape, (name, field)
            scale = np.maximum(1.0, np.abs(wanted))
            assert (np.abs(got - wanted) <= TOLERANCE * scale).all(), (name, field)


def test_stored_run_moves() -> None:
    """A baseline in which nothing happens would hold anything."""
    stored = json.loads(baseline.FILE.read_text(encoding="utf-8"))
    for fields in stored.values():
        sympathy = np.array(fields["sympathy"]).reshape(len(baseline.DAYS), -1)
        assert (np.ptp(sympathy, axis=0) > 1e-3).all()
        assert max(fields["tension"]) > 1.0
