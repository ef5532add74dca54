"""Collects what is wrong with a scenario, so that one reading reports it all.

What is wrong is decided elsewhere; here it gets its place, its order and its arm. The words that
several refusals share stand in ``error_texts``.
"""

from __future__ import annotations

from typing import NamedTuple

from sim.errors import InputError, Problem
from sim.scenario.error_texts import show_text
from sim.scenario.nodes import Listing, Mapping, Mark, Node, Path, Scalar


class LocatedProblem(NamedTuple):
    """A problem with its place still open to sorting."""

    mark: Mark
    path: Path
    reason: str
    got: str


class Problems:
    """The problems of one scenario file and of what it extends.

    Parameters
    ----------
    file
        What messages call the file; its own problems are shown before those of files it extends.
    arm
        The arm that is looked at, where these are an arm's problems.
    """

    def __init__(self, file: str = "", arm: str = "") -> None:
        self.found: list[LocatedProblem] = []
        self.file = file
        self.arm = arm
        self.unread: set[str] = set()  # top-level keys that another one's problem left unread

    def __bool__(self) -> bool:
        return bool(self.found)

    @property
    def enough(self) -> bool:
        """Whether more problems are known than will be shown."""
        return len(self.found) > InputError.shown

    def add(self, mark: Mark, path: Path, reason: str, got: Node | str = "") -> None:
        """Note one problem.

        Parameters
        ----------
        mark, path
            Where it stands in the file and at which key, list items going by name.
        reason
            What is wrong, as the end of a sentence that begins with the key.
        got
            What was found: text, or a node of which its kind or text is shown.
        """
        self.found.append(LocatedProblem(mark, path, reason, _show_got(got)))

    def touches(self, section: str) -> bool:
        """Whether a top-level key has a problem."""
        return section in self.unread or any(one.path[:1] == (section,) for one in self.found)

    def include(self, of_arm: Problems, place: Mark) -> None:
        """Add an arm's problems, but for those that the base has as well.

        ``place`` is where the arm stands. What it spoils in a file that its own extends is told
        there: that is where it can be mended.
        """
        known = {(found.mark, found.path, found.reason) for found in self.found}
        for found in of_arm.found:
            if (found.mark, found.path, found.reason) in known:
                continue
            if found.mark.arm:
                self.found.append(found)
            elif found.mark.line and found.mark.file != place.file:
                self.found.append(found._replace(mark=place))
            else:
                reason = f"in arm {show_text(of_arm.arm)}, {found.reason}"
                self.found.append(found._replace(reason=reason))

    def blame(self, place: str, without: Problems) -> None:
        """Say that problems come from ``place`` where they are not there without it.

        Parameters
        ----------
        place
            What was added, such as ``--set``.
        without
            The problems that are found when it is not.
        """
        known = {(found.path, found.reason) for found in without.found}
        self.found = [
            found
            if (found.path, found.reason) in known
            else found._replace(mark=Mark(place, arm=found.mark.arm))
            for found in self.found
        ]

    def refuse(self) -> None:
        """Refuse the scenario if there is any problem.

        Raises
        ------
        InputError
            With all problems, in the order of the file, none of them twice.
        """
        if self.found:
            problems = [_problem(found) for found in sorted(self.found, key=self._sort_key)]
            raise InputError(list(dict.fromkeys(problems)))  # two passes may meet the same one

    def _sort_key(self, found: LocatedProblem) -> tuple[bool, str, int, int]:
        mark = found.mark
        return (mark.file != self.file, mark.file, mark.line, mark.column)


def _problem(found: LocatedProblem) -> Problem:
    """The problem in words, its key path led by the arm."""
    path = ("arms", found.mark.arm, *found.path) if found.mark.arm else found.path
    key = ".".join(show_text(part) for part in path)
    return Problem(key, found.reason, found.got, found.mark.place)


def _show_got(got: Node | str) -> str:
    """What was found, as a message shows it."""
    if isinstance(got, Mapping):
        return "a mapping"
    if isinstance(got, Listing):
        return "a list"
    if isinstance(got, Scalar):
        if got.is_nothing:
            return "nothing"
        return show_text(f'"{got.text}"' if got.quoted else got.text)
    return show_text(got)
