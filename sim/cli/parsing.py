"""The argument parser: refusals as errors with "did you mean", option values with their rules."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from sim.errors import InputError
from sim.scenario.wording import closest, shown

LARGEST_SEED = 2**64 - 1
LARGEST_COUNT = 10_000_000


class Parser(argparse.ArgumentParser):
    """Raises InputError where argparse would print a usage text and leave the program."""

    def __init__(self, **options: object) -> None:
        options.setdefault("allow_abbrev", False)
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(**options)  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        """Refuse a command line in the words of all other refusals."""
        raise InputError(self._reword(message))

    def _reword(self, message: str) -> str:
        argument = re.match(r"argument ([^:]+): (.*)", message, re.DOTALL)
        if argument:
            option = argument[1].split("/")[-1]
            return f"{option}: {argument[2]}"
        missing = re.match(r"the following arguments are required: (.*)", message)
        if missing:
            return f"{missing[1]}: is missing; see {self.prog} --help"
        return message

    def refuse_unknown(self, words: list[str]) -> None:
        """Refuse what no option or argument takes."""
        word = words[0].partition("=")[0]
        if not word.startswith("-"):
            self.error(f"{shown(word)}: unexpected argument; see {self.prog} --help")
        near = closest(word, self._option_string_actions)
        hint = f"; did you mean {near}?" if near else f"; see {self.prog} --help"
        self.error(f"{shown(word)}: unknown option{hint}")


def whole(low: int, high: int = LARGEST_COUNT) -> Callable[[str], int]:
    """A whole number within bounds, written plainly: no 1_000, no 012."""

    def parse(text: str) -> int:
        if re.fullmatch(r"0|[1-9][0-9]{0,19}", text) and low <= int(text) <= high:
            return int(text)
        raise argparse.ArgumentTypeError(
            f"must be a whole number from {low} to {high} (got {shown(text)})"
        )

    return parse


def one_of(*words: str) -> Callable[[str], str]:
    """One of a few words."""

    def parse(text: str) -> str:
        if text in words:
            return text
        near = closest(text, words)
        hint = f"did you mean {near}?" if near else f"known: {', '.join(words)}"
        raise argparse.ArgumentTypeError(f"must be one of these; {hint} (got {shown(text)})")

    return parse


def name_list(text: str) -> list[str]:
    """Words with commas between them."""
    words = [word.strip() for word in text.split(",")]
    if not all(words):
        raise argparse.ArgumentTypeError(f"must be names with commas between (got {shown(text)})")
    return words


def path(text: str) -> Path:
    """A path that a file system can hold."""
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError(f"must be a path (got {shown(text)})")
    return Path(text)
