"""Update rules with known results.  Source: section 7, V16; Hegselmann & Krause 2002."""

from __future__ import annotations

import numpy as np

from sim.verification.statements.documents import BACKGROUND, audience, document
from sim.verification.statements.result import EXACT, StatementResult, compare
from sim.verification.statements.running import simulate

COUNT, DAYS = 100, 22


def bounded_confidence() -> list[StatementResult]:
    """V16: with no anchor or message and peers in full, opinions gather in clusters."""
    comparisons = []
    names = [f"place {i}" for i in range(1, COUNT + 1)]
    everybody = {name: {other: 1.0 for other in names} for name in names}
    for eps, clusters in ((0.055, 7), (0.105, 4), (0.155, 3), (0.205, 2), (0.255, 1)):
        case = document(
            steps=DAYS,
            audiences=[
                audience(name, {BACKGROUND: (0.0, 0.0)}, pull=0.0, start=((i + 0.5) / COUNT, 0.0))
                for i, name in enumerate(names)
            ],
            on=("peers",),
            parameters={"peer_pull": 1.0},
            peers=everybody,
            rule={"name": "bounded_confidence", "eps": eps, "renormalise": 1.0},
        )
        s = simulate(case).sympathy[:, :, 0]
        gathered = 1 + int((np.diff(np.sort(s[-1])) > 1e-6).sum())
        moved = float(np.abs(s[-1] - s[-2]).max())
        comparisons += [
            compare("V16", f"clusters at eps {eps:g}", clusters, gathered, EXACT),
            compare("V16", f"last day's move at eps {eps:g}", 0.0, moved, 1e-12),
        ]
    return comparisons
