#!/usr/bin/env bash
# Nashpy 0.0.43: vertex_enumeration ends in a TypeError where all outcomes are the same.
#
# Expected: every pair of strategies is an equilibrium; the corners are listed, as support_enumeration does.
# Seen: TypeError: 'NoneType' object is not subscriptable. The value does not matter (0 and 0.2 alike).
# Why it matters here: two strategies that do the same (both stay at home, or differ only where nothing happens)
#   give such a matrix, and a study of every pair of strategies meets it on its diagonal.
source "$(dirname "${BASH_SOURCE[0]}")/environment.bash"
new_environment 11 nashpy==0.0.43 numpy==2.3.5 scipy==1.16.3 networkx==3.6.1
run_python <<'PYTHON'
import nashpy
import numpy as np

for value in (0.0, 0.2):
    game = nashpy.Game(np.full((2, 2), value))
    corners = len(list(game.support_enumeration()))
    try:
        found = list(game.vertex_enumeration())
    except TypeError as error:
        found = f"TypeError: {error}"
    print(f"all outcomes {value}: support_enumeration {corners} equilibria, vertex_enumeration: {found}")
    assert corners == 4
    assert found == "TypeError: 'NoneType' object is not subscriptable"
PYTHON
