"""The argument parser of every verb, and the types that option values may have.

The parser refuses a command line in the words of all other refusals, with "did you mean". The
options that several verbs share are in ``options``; what a verb does with them is in its module.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from sim.errors import InputError
from sim.scenario.arguments import LARGEST_COUNT
from sim.scenario.error_texts import closest, show_text

LARGEST_SEED = 2**64 - 1


class Parser(argparse.ArgumentParser):
    """An ``argparse`` parser that raises errors and has a short call for each form of option.

    Where ``argparse`` would print its usage and leave the program, it raises
    :class:`~sim.errors.InputError`. Options cannot be abbreviated, so that a new option never
    changes what an old command line means.
    """

    def __init__(self, prog: str, **texts: Any) -> None:
        as_written = argparse.RawDescriptionHelpFormatter
        super().__init__(prog, **texts, allow_abbrev=False, formatter_class=as_written)

    def option(
        self,
        usage: str,
        about: str,
        parse: Callable[[str], object] = str,
        default: object = None,
        **more: Any,
    ) -> None:
        """Add an option with a value.

        Parameters
        ----------
        usage
            The flags and the value as ``--help`` shows them, such as ``-j --jobs N``.
        about
            The help text, with the default in words.
        parse
            Turns the text of the value into the value, or raises
            :class:`argparse.ArgumentTypeError`.
        default
            The value where the option is not given.
        more
            Further arguments of :meth:`argparse.ArgumentParser.add_argument`.
        """
        *flags, metavar = usage.split()
        more |= {"metavar": metavar, "type": parse, "default": default, "help": about}
        self.add_argument(*flags, **more)

    def repeatable(self, usage: str, about: str, dest: str | None = None) -> None:
        """Add an option that may be given more than once; its value is the list of the texts.

        ``usage`` and ``about`` are those of :meth:`option`; ``dest`` is the name of the list in
        the parsed arguments where it is not the option's.
        """
        self.option(usage, f"{about} (repeatable)", default=[], action="append", dest=dest)

    def flag(self, name: str, about: str) -> None:
        """Add an option without a value: False unless it is given."""
        self.add_argument(name, action="store_true", help=about)

    def switch(self, name: str, about: str) -> None:
        """Add an option that is on by default, with its opposite ``--no-...``."""
        on_or_off = argparse.BooleanOptionalAction
        self.add_argument(name, action=on_or_off, default=True, help=about)

    def error(self, message: str) -> NoReturn:
        """Refuse a command line.

        Raises
        ------
        InputError
            Always, with argparse's message in the words of all other refusals: the option first,
            by its long name.
        """
        message = re.sub("^argument (?:[^:]+/)?([^:/]+): ", r"\1: ", message)
        missing = rf"\1: is missing; see {self.prog} --help"
        raise InputError(re.sub("^the following arguments are required: (.*)", missing, message))

    def parse_all(self, words: list[str]) -> argparse.Namespace:
        """Parse a command line, and refuse the first word that no option or argument takes.

        Raises
        ------
        InputError
            Where a word is unknown or a value is refused.
        """
        args, rest = self.parse_known_args(words)
        if not rest:
            return args
        word = rest[0].partition("=")[0]
        if not word.startswith("-"):
            self.error(f"{show_text(word)}: unexpected argument; see {self.prog} --help")
        near = closest(word, self._option_string_actions)
        hint = f"; did you mean {near}?" if near else f"; see {self.prog} --help"
        self.error(f"{show_text(word)}: unknown option{hint}")


def bad_value(reason: str, text: str) -> argparse.ArgumentTypeError:
    """Return the refusal of the text that was given as a value."""
    return argparse.ArgumentTypeError(f"{reason} (got {show_text(text)})")


def whole(low: int, high: int = LARGEST_COUNT) -> Callable[[str], int]:
    """Return the type of a whole number from ``low`` to ``high``, both allowed.

    The number must be written plainly: neither ``1_000`` nor ``012``, which readers take for
    different numbers.
    """

    def parse(text: str) -> int:
        if re.fullmatch(r"0|[1-9][0-9]{0,19}", text) and low <= int(text) <= high:
            return int(text)
        raise bad_value(f"must be a whole number from {low} to {high}", text)

    return parse


def one_of(*words: str) -> Callable[[str], str]:
    """Return the type of a value that is one of a few words, spelled exactly."""

    def parse(text: str) -> str:
        if text in words:
            return text
        near = closest(text, words)
        hint = f"did you mean {near}?" if near else f"known: {', '.join(words)}"
        raise bad_value(f"must be one of these; {hint}", text)

    return parse


def name_list(text: str) -> list[str]:
    """Split names at commas; the type of values such as ``mediation,no_mediation``."""
    words = [word.strip() for word in text.split(",")]
    if not all(words):
        raise bad_value("must be names with commas between", text)
    return words


def path(text: str) -> Path:
    """Turn text into a path, refusing what no file system can hold."""
    if not text or "\0" in text:
        raise bad_value("must be a path", text)
    return Path(text)
