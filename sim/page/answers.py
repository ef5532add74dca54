"""Where each kind of ask goes to what answers it. Nothing is known here of who asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from sim.lessons.entities import Lesson
from sim.page import lessons, protocol
from sim.page.cache import Cache
from sim.page.catalogue import Catalogue
from sim.page.downloads import answer_files
from sim.page.knockout import answer_knockout
from sim.page.story import StoryAnswers
from sim.page.timelines import TimelineAnswers
from sim.page.why import answer_why

KEPT_KNOCKOUTS = 16  # answers, of about 200 kB each
KEPT_OF_LESSONS = 32
QUICK, TOLD, LONG = "quick", "told", "long"
# What answering takes: a tenth of a second, up to a second, many seconds. Each has its own queue
EFFORT: dict[type[protocol.Ask], str] = {
    protocol.Timelines: QUICK,
    protocol.Guide: QUICK,
    protocol.Files: TOLD,
    protocol.Story: TOLD,
    protocol.Why: TOLD,
    protocol.Knockout: TOLD,
    protocol.Reveal: TOLD,
    protocol.Debrief: LONG,
}


@dataclass
class Answers:
    """Answers checked asks of every kind about one catalogue; the latest few are kept."""

    catalogue: Catalogue

    def __post_init__(self) -> None:
        self.timelines = TimelineAnswers(self.catalogue)
        stories = StoryAnswers(self.catalogue)
        taught = self.catalogue.lessons
        knockouts: Cache[protocol.Knockout, protocol.Answer] = Cache(KEPT_KNOCKOUTS)
        of_lessons: Cache[protocol.LessonAsk, protocol.Answer] = Cache(KEPT_OF_LESSONS)

        def tell(compute: Callable[[Lesson], protocol.Answer], ask: protocol.LessonAsk) -> Any:
            return of_lessons.get(ask, lambda _: compute(taught[ask.lesson]))

        self._kept: list[Cache[Any, protocol.Answer]] = [
            self.timelines.kept, stories.kept, knockouts, of_lessons
        ]  # fmt: skip
        self._answer: dict[type[protocol.Ask], Callable[[Any], protocol.Answer]] = {
            protocol.Timelines: self.timelines.answer,
            protocol.Files: partial(answer_files, self.timelines),
            protocol.Story: stories.answer,
            protocol.Why: partial(answer_why, stories),
            protocol.Knockout: lambda ask: knockouts.get(ask, partial(answer_knockout, stories)),
            protocol.Reveal: partial(tell, lessons.reveal),
            protocol.Guide: lambda ask: lessons.guide(taught[ask.lesson]),
            protocol.Debrief: partial(tell, lessons.debrief),
        }

    def warm(self) -> None:
        """Compile the engine if needed, so that no window waits for it."""
        self.timelines.warm()

    def effort(self, ask: protocol.Ask) -> str:
        """Return what answering takes: ``quick``, also where the answer is kept, or more."""
        if any(cache.holds(ask) for cache in self._kept):
            return QUICK
        return EFFORT[type(ask)]

    def answer(self, ask: protocol.Ask) -> protocol.Answer:
        """Return the answer to an ask that was read.

        Raises
        ------
        InputError
            If the model refuses what was asked.
        """
        return self._answer[type(ask)](ask)
