"""Pieces hold every pair once, whatever the pace; the pace follows the clock it is told of."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sim.running.sweeps.pacing import MOST, Pace, pairs_of, pieces
from sim.store.parts import Cell

CELLS = some.lists(
    some.tuples(some.integers(0, 50), some.integers(1, 40)), min_size=0, max_size=12
).map(lambda drawn: [Cell(place, first, first + length)
                     for place, (first, length) in enumerate(drawn)])  # fmt: skip


def pairs(cells):
    return [(cell.point, r) for cell in cells for r in range(cell.first, cell.stop)]


@given(CELLS, some.lists(some.integers(1, 30), min_size=1))
def test_pieces_are_the_cells_in_their_order(cells, sizes):
    pace = Pace()
    found, turn = [], count()
    pace.size = sizes[0]
    for piece in pieces(cells, pace):
        found.append(piece)
        pace.size = sizes[next(turn) % len(sizes)]
    assert pairs([cell for piece in found for cell in piece]) == pairs(cells)
    assert all(cell.first < cell.stop for piece in found for cell in piece)
    assert sum(map(pairs_of, found)) == pairs_of(cells)


@given(CELLS, some.integers(1, 30))
def test_pieces_have_the_size_asked_for_but_the_last(cells, size):
    found = list(pieces(cells, Pace(size)))
    assert all(pairs_of(piece) == size for piece in found[:-1])
    assert not found or 0 < pairs_of(found[-1]) <= size


def test_pace_finds_the_size_that_takes_a_second():
    pace = Pace(size=64)
    for _ in range(6):
        pace.learn_from(pace.size, pace.size / 1000.0)  # a thousand a second
    assert pace.size == 1000


def test_pace_after_a_slow_first_piece_recovers():
    pace = Pace(size=64)
    pace.learn_from(64, 30.0)  # it compiled
    assert pace.size == 16
    for _ in range(5):
        pace.learn_from(pace.size, pace.size / 1000.0)
    assert pace.size == 1000


@pytest.mark.parametrize(("seconds", "size"), [(0.0, MOST), (1e9, 1)])
def test_pace_stays_within_bounds(seconds, size):
    pace = Pace()
    for _ in range(20):
        pace.learn_from(pace.size, seconds)
    assert pace.size == size
