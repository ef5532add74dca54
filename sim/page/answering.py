"""Each kind of ask goes to who answers it."""

from __future__ import annotations

from dataclasses import dataclass

from sim.page.catalogue import Catalogue
from sim.page.knockout import Knockouts
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
from sim.page.storytelling import Storyteller
from sim.page.taking_home import Packer
from sim.page.teaching import Teacher
from sim.page.telling import Teller
from sim.page.why import why


@dataclass
class Answers:
    """Answers checked asks of every kind. Nothing is known of who asks."""

    catalogue: Catalogue

    def __post_init__(self) -> None:
        self.teller = Teller(self.catalogue)
        self.teacher = Teacher(self.catalogue.lessons)
        self.storyteller = Storyteller(self.catalogue)
        self.knockouts = Knockouts(self.storyteller)
        self.packer = Packer(self.teller)

    def warm(self) -> None:
        """Compile the engine where needed."""
        self.teller.warm()

    def to(self, ask: Ask) -> Answer:
        """The answer.

        Raises
        ------
        InputError
            Where the model refuses what was asked.
        """
        match ask:
            case Timelines():
                return self.teller.tell(ask)
            case Reveal():
                return self.teacher.reveal(ask.lesson)
            case Guide():
                return self.teacher.guide(ask.lesson)
            case Debrief():
                return self.teacher.debrief(ask.lesson)
            case Story():
                return self.storyteller.story(ask)
            case Why():
                return why(
                    self.storyteller.told(ask, ask.arm), ask, self.catalogue.names[ask.scenario]
                )
            case Knockout():
                return self.knockouts.answer(ask)
            case Files():
                return self.packer.pack(ask)
        raise AssertionError(f"nobody answers {type(ask).__name__}")
