"""The words of refusals that more than one place needs, and how foreign text is shown in them.

Foreign text is all that a user or a file brings. It is shown escaped and short, so that it can
neither move a cursor nor fill a screen. Words that one place alone needs stand there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

LONGEST_SHOWN = 60
ALL_ZERO = "must not all be 0"
MISSING = "is missing"
REPEATED = "is given twice"
IN_EVERY_ARM = "is the same in every arm; set it above the arms"


def printable(text: str) -> str:
    """The text with everything that could move a cursor or hide escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def show_text(text: str, longest: int = LONGEST_SHOWN) -> str:
    """Foreign text as a message shows it: escaped and short."""
    # cut first: escaping a megabyte to show sixty characters of it would take its time
    text = printable(text[: longest + 1])
    return text if len(text) <= longest else text[: longest - 3] + "..."


def begin_sentence(text: str) -> str:
    """Return a clause as a sentence begins; the letters after the first stay as they are."""
    return text[0].upper() + text[1:]


def count_of(count: int, noun: str, plural: str = "") -> str:
    """Return a count with the right number of its noun: `1 point`, `1,200 points`.

    ``plural`` is needed where it is not the noun and an s.
    """
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"


def are_of(count: int) -> str:
    """Return the verb after a count: `1 point is`, `2 points are`."""
    return "is" if count == 1 else "are"


def fold_case(name: str) -> str:
    """The form in which two names count as the same."""
    kept = (c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) != "Cf")
    return unicodedata.normalize("NFKC", "".join(kept).casefold())


def closest(word: str, options: Iterable[str]) -> str:
    """The option that was probably meant, or "".

    Upper and lower case are alike; otherwise at least six tenths of the letters must match.
    """
    options = list(options)
    if len(word) > 2 * LONGEST_SHOWN:
        return ""
    by_fold = {option.casefold(): option for option in options}
    if word.casefold() in by_fold:
        return by_fold[word.casefold()]
    near = get_close_matches(word.casefold(), list(by_fold), n=1, cutoff=0.6)
    return by_fold[near[0]] if near else ""


def unknown(what: str, word: str, options: Iterable[str], *, brief: bool = False) -> str:
    """Why a name is refused: "unknown audience; did you mean London?", or the known ones.

    Parameters
    ----------
    what
        What it would be the name of.
    word
        The name as given.
    options
        The known names; the first eight are listed where none is near.
    brief
        Say no more than that it is unknown.
    """
    if brief:  # past the errors that are shown, looking for near names would only cost time
        return f"unknown {what}"
    options = list(options)
    near = closest(word, options)
    if near:
        return f"unknown {what}; did you mean {show_text(near)}?"
    some = ", ".join(show_text(option) for option in options[:8])
    more = ", ..." if len(options) > 8 else ""
    return f"unknown {what}; known: {some}{more}" if options else f"unknown {what}"


def outside(value: float, low: float, high: float, largest: float) -> str:
    """Why a number is out of its range, ``low`` to ``high``.

    A bound of ``largest`` stands for no bound at all and is not mentioned.
    """
    if low == high:
        return f"must be {_plain(low)}"
    if value > high and high >= largest:
        return f"must be at most {_plain(high)}"
    if high >= largest:
        return f"must be at least {_plain(low)}"
    return f"must lie in {_plain(low)} to {_plain(high)}"


def _plain(number: float) -> str:
    return str(number) if isinstance(number, int) else f"{number:g}"
