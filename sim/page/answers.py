"""What answers each kind of ask. Nothing is known here of who asks, nor of what is kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from sim.page import lessons, protocol
from sim.page.catalogue import Catalogue
from sim.page.downloads import answer_files
from sim.page.knockout import answer_knockout
from sim.page.story import StoryAnswers
from sim.page.timelines import TimelineAnswers
from sim.page.why import answer_why


class Answers:
    """Computes the answers to checked asks of every kind about one catalogue, in this process."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        timelines, stories = TimelineAnswers(catalogue), StoryAnswers(catalogue)
        taught = catalogue.lessons
        self._answer: dict[type[protocol.Ask], Callable[[Any], protocol.Answer]] = {
            protocol.Timelines: timelines.answer,
            protocol.Files: partial(answer_files, timelines),
            protocol.Story: stories.answer,
            protocol.Why: partial(answer_why, stories),
            protocol.Knockout: partial(answer_knockout, stories),
            protocol.Reveal: lambda ask: lessons.reveal(taught[ask.lesson]),
            protocol.Guide: lambda ask: lessons.guide(taught[ask.lesson]),
            protocol.Debrief: lambda ask: lessons.debrief(taught[ask.lesson]),
        }

    def answer(self, ask: protocol.Ask) -> protocol.Answer:
        """Return the answer to an ask that was read.

        Raises
        ------
        InputError
            If the model refuses what was asked.
        """
        return self._answer[type(ask)](ask)
