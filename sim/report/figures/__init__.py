"""One file per figure: `TITLE`, `draw(results) -> Figure` and `caption(results) -> str`.

A figure whose inputs are not in the results raises `MissingInputError`; it is left out and said.
"""

from __future__ import annotations

from types import ModuleType

from sim.report.figures import (
    alignment,
    channels,
    effect,
    network,
    salience,
    sweep,
    sympathy,
    tension,
    voice,
)

# in the order of the report: the answer first, then how it came about
FIGURES: dict[str, ModuleType] = {
    "effect": effect,
    "channels": channels,
    "alignment": alignment,
    "sympathy": sympathy,
    "tension": tension,
    "salience": salience,
    "voice": voice,
    "network": network,
    "sweep": sweep,
}
NAMES = tuple(FIGURES)
