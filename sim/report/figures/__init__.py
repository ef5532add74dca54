"""The figures of a report, one module each.

``FIGURES`` holds those that `report.html` shows, in its order; a hindcast has its own, and so has
a tournament. Each of these modules has a ``TITLE``, ``draw(results)`` and ``caption(results)``. A
figure whose inputs are not in the folder raises `MissingInputError`; the report leaves it out and
says why.

``discover``, ``growth``, ``sensitivity`` and ``waterfall`` draw from frames instead and are called
where these come from. What figures share is in ``lines``, ``marks``, ``panels``, ``saving`` and
``style``. matplotlib is imported inside functions, so that a program that draws nothing does not
load it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sim.report.figures import (
    alignment,
    channels,
    effect,
    hindcast,
    network,
    salience,
    sweep,
    sympathy,
    tension,
    tournament,
    tournament_ranks,
    voice,
)
from sim.store.results import Results

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class FigureModule(Protocol):
    """What a module of ``FIGURES`` offers."""

    TITLE: str

    def draw(self, results: Results) -> Figure:
        """Return the figure, or raise `MissingInputError`."""

    def caption(self, results: Results) -> str:
        """Return one paragraph that says what to see."""


# in the order of the report: the answer first, then how it came about
FIGURES: dict[str, FigureModule] = {
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
OF_HINDCAST: dict[str, FigureModule] = {"hindcast": hindcast}
OF_TOURNAMENT: dict[str, FigureModule] = {"matrix": tournament, "ranks": tournament_ranks}


def figures_of(results: Results) -> dict[str, FigureModule]:
    """The figures that a report of these results may have; hindcasts and tournaments have own."""
    if results.has("standings"):
        return OF_TOURNAMENT
    return OF_HINDCAST if results.has("ranks") else FIGURES
