"""A Mesa model whose record Mesa's own tools hand back.

In a file of its own, so that the processes ``batch_run`` starts load no compiler.
"""

from __future__ import annotations

from typing import Any

from sim.engines.agents import NarrativeModel

RECORD = "record"


class RecordingModel(NarrativeModel):
    """The model, with its record as a reporter that ``batch_run`` hands back.

    Parameters are those of :class:`sim.engines.agents.NarrativeModel`.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.datacollector.model_reporters[RECORD] = lambda model: None
        self.datacollector.model_vars[RECORD] = [None]

    def step(self) -> None:
        """Run one day; after the last, the record stands at every row, whichever Mesa reads."""
        super().step()
        rows = self.datacollector.model_vars[RECORD]
        if not self.running and rows[-1] is None:
            record = self.record()
            rows[:] = [(record.sympathy, record.tension, record.diplomacy)] * len(rows)
