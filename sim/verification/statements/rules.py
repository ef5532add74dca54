"""Update rules with known results.  Source: section 7, V16; Hegselmann & Krause 2002.

The rules are plug-ins; that each keeps its contract is what :mod:`sim.verification.exam` asks.
"""

from __future__ import annotations

import numpy as np

from sim.verification.statements.documents import audience, document
from sim.verification.statements.result import EXACT, Checks
from sim.verification.statements.running import apart, simulate

COUNT, DAYS = 100, 22


def bounded_confidence() -> Checks:
    """V16: with no anchor or message and peers in full, opinions gather in clusters.

    ``COUNT`` opinions start evenly over 0 to 1. Their number of clusters after ``DAYS`` days
    depends on eps, the distance up to which one listens to another; on the last day none moves.
    """
    names = [f"place {i}" for i in range(1, COUNT + 1)]
    audiences = [
        audience(name, pull=0.0, start=((i + 0.5) / COUNT, 0.0)) for i, name in enumerate(names)
    ]
    for eps, clusters in ((0.055, 7), (0.105, 4), (0.155, 3), (0.205, 2), (0.255, 1)):
        case = document(
            DAYS,
            audiences,
            on=("peers",),
            parameters={"peer_pull": 1.0},
            peers={name: dict.fromkeys(names, 1.0) for name in names},
            update_rule={"name": "bounded_confidence", "eps": eps, "renormalise": 1.0},
        )
        s = simulate(case).sympathy[:, :, 0]
        gathered = 1 + int((np.diff(np.sort(s[-1])) > 1e-6).sum())
        yield f"clusters at eps {eps:g}", clusters, gathered, EXACT
        yield f"last day's move at eps {eps:g}", 0.0, apart(s[-1], s[-2]), 1e-12
