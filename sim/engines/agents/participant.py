"""What every agent of the model shares: how it is numbered, and that it stays to the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import mesa

if TYPE_CHECKING:
    from sim.engines.agents.model import NarrativeModel


class AgentNumbers:
    """Where Mesa 3.3 looks up the next number of a model's agents, from 1.

    Mesa's own table hangs on the class and has models as its keys, so that no model in it is ever
    let go.
    """

    def __getitem__(self, model: NarrativeModel) -> Iterator[int]:
        return iter((len(model.agents) + 1,))


class Participant(mesa.Agent):
    """An agent of a run, from its first day to its last."""

    model: NarrativeModel
    name: str
    _ids = AgentNumbers()

    def remove(self) -> None:
        """Refuse to leave, since what the others are and hear is settled as a run begins.

        Raises
        ------
        TypeError
            Always.
        """
        raise TypeError(f"{self.name} cannot leave a run: leave it out of the scenario")
