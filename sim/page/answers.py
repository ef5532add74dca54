"""Each kind of ask goes to who answers it."""

from __future__ import annotations

from dataclasses import dataclass

from sim.page.catalogue import Catalogue
from sim.page.downloads import FileAnswers
from sim.page.knockout import KnockoutAnswers
from sim.page.lessons import LessonAnswers
from sim.page.protocol import (
    Answer,
    Ask,
    Debrief,
    Files,
    Guide,
    Knockout,
    Reveal,
    Story,
    Timelines,
    Why,
)  # fmt: skip
from sim.page.story import StoryAnswers
from sim.page.timelines import TimelineAnswers
from sim.page.why import why


@dataclass
class Answers:
    """Answers checked asks of every kind. Nothing is known of who asks."""

    catalogue: Catalogue

    def __post_init__(self) -> None:
        self.timelines = TimelineAnswers(self.catalogue)
        self.lessons = LessonAnswers(self.catalogue.lessons)
        self.stories = StoryAnswers(self.catalogue)
        self.knockouts = KnockoutAnswers(self.stories)
        self.files = FileAnswers(self.timelines)

    def warm(self) -> None:
        """Compile the engine where needed."""
        self.timelines.warm()

    def answer(self, ask: Ask) -> Answer:
        """The answer.

        Raises
        ------
        InputError
            Where the model refuses what was asked.
        """
        match ask:
            case Timelines():
                return self.timelines.answer(ask)
            case Reveal():
                return self.lessons.reveal(ask.lesson)
            case Guide():
                return self.lessons.guide(ask.lesson)
            case Debrief():
                return self.lessons.debrief(ask.lesson)
            case Story():
                return self.stories.answer(ask)
            case Why():
                return why(
                    self.stories.full_run(ask, ask.arm), ask, self.catalogue.names[ask.scenario]
                )
            case Knockout():
                return self.knockouts.answer(ask)
            case Files():
                return self.files.answer(ask)
        raise AssertionError(f"nobody answers {type(ask).__name__}")
