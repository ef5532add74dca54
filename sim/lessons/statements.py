"""Every lesson's statements over prior draws, for ``narrate check``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sim.lessons.entities import Lesson
from sim.lessons.measuring import DRAWS, StatementSupport, statement_support


class LessonSupport(NamedTuple):
    """How far the statements of one lesson are borne out."""

    lesson: str
    statements: list[StatementSupport]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "lesson": self.lesson,
            "statements": [{**one._asdict(), "holds": one.holds} for one in self.statements],
        }

    def __str__(self) -> str:
        return "\n".join(f"{self.lesson} {one}" for one in self.statements)


def check_lessons(
    lessons: Mapping[str, Lesson],
    draws: int = DRAWS,
    progress: Callable[[str], None] | None = None,
) -> list[LessonSupport]:
    """Check the statements of every lesson; ``progress`` is told which one begins."""
    found = []
    for name, lesson in lessons.items():
        if progress is not None:
            progress(f"lesson {name}")
        found.append(LessonSupport(name, statement_support(lesson, draws)))
    return found
