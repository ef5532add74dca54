"""Where each kind of ask goes to what answers it. Nothing is known here of who asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from sim.page import protocol
from sim.page.catalogue import Catalogue
from sim.page.downloads import FileAnswers
from sim.page.knockout import KnockoutAnswers
from sim.page.lessons import LessonAnswers
from sim.page.story import StoryAnswers
from sim.page.timelines import TimelineAnswers
from sim.page.why import answer_why


@dataclass
class Answers:
    """Answers checked asks of every kind about one catalogue."""

    catalogue: Catalogue

    def __post_init__(self) -> None:
        self.timelines = TimelineAnswers(self.catalogue)
        stories = StoryAnswers(self.catalogue)
        lessons = LessonAnswers(self.catalogue.lessons)
        self._answer: dict[type[protocol.Ask], Callable[[Any], protocol.Answer]] = {
            protocol.Timelines: self.timelines.answer,
            protocol.Files: FileAnswers(self.timelines).answer,
            protocol.Story: stories.answer,
            protocol.Why: partial(answer_why, stories),
            protocol.Knockout: KnockoutAnswers(stories).answer,
            protocol.Reveal: lessons.reveal,
            protocol.Guide: lessons.guide,
            protocol.Debrief: lessons.debrief,
        }

    def warm(self) -> None:
        """Compile the engine if needed, so that no window waits for it."""
        self.timelines.warm()

    def answer(self, ask: protocol.Ask) -> protocol.Answer:
        """Return the answer to an ask that was read.

        Raises
        ------
        InputError
            If the model refuses what was asked.
        """
        return self._answer[type(ask)](ask)
