#!/usr/bin/env bash
# Nashpy 0.0.43: support_enumeration gives one equilibrium of a game that has infinitely many, and no warning.
#
# Expected: its warning ("an even number of equilibria: the game is degenerate") comes for degenerate games; so no
#   warning and an odd number mean that all are found.
# Seen: in the zero-sum game [[0, 0], [1, -1]] the row player always takes row 1, and any mix of the column player
#   with at least half on column 2 is an equilibrium. support_enumeration gives one of them, without a
#   warning; vertex_enumeration gives the two ends.
# Why it matters here: in a tournament of strategies a strategy that nothing can hurt makes just such a game; "the"
#   equilibrium would be one of many.
source "$(dirname "${BASH_SOURCE[0]}")/environment.bash"
new_environment 11 nashpy==0.0.43 numpy==2.3.5 scipy==1.16.3 networkx==3.6.1
run_python <<'PYTHON'
import warnings
import nashpy
import numpy as np

game = nashpy.Game(np.array([[0.0, 0.0], [1.0, -1.0]]))
with warnings.catch_warnings(record=True) as warned:
    warnings.simplefilter("always")
    by_support = [tuple(s.round(6).tolist() for s in pair) for pair in game.support_enumeration()]
by_vertex = [tuple(s.round(6).tolist() for s in pair) for pair in game.vertex_enumeration()]
print("support_enumeration:", by_support, "warnings:", len(warned))
print("vertex_enumeration: ", by_vertex)
assert by_support == [([1, 0], [0, 1])] and not warned
assert sorted(by_vertex) == [([1, 0], [0, 1]), ([1, 0], [0.5, 0.5])]
# a mix in between is an equilibrium, too
between = (np.array([1.0, 0.0]), np.array([0.3, 0.7]))
assert game.is_best_response(*between) == (True, True)
PYTHON
