"""Names are data: shown as text in a terminal, a figure or a page, whatever they hold."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterable
from itertools import takewhile

JOINERS = "\u200c\u200d"  # invisible, but Persian, Indian and Sinhala words need them
ESCAPED = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def plain(value: object) -> str:
    """Return text in which control, format and direction characters are written out as escapes.

    Joiners stay: words of some scripts are wrong without them.
    """
    return "".join(
        character.encode("unicode_escape").decode("ascii")
        if unicodedata.category(character) in ESCAPED and character not in JOINERS
        else character
        for character in str(value)
    )


def marked_up(value: object) -> str:
    """Return the same, safe inside HTML text and quoted attributes."""
    return html.escape(plain(value), quote=True)


LONGEST = 40  # characters of a name in a figure


def label(value: object, length: int = LONGEST) -> str:
    """Return the same for a figure: at most ``length`` characters, and never hidden.

    Matplotlib drops legend entries that begin with an underscore; a no-break space before it
    keeps them. (That `$` is not mathematics is set in `figures.style`.)
    """
    text = plain(value)
    if len(text) > length:
        text = text[: length - 1].rstrip() + "…"
    return "\u00a0" + text if text.startswith("_") else text


def labels(values: Iterable[object], length: int = LONGEST) -> list[str]:
    """Return labels of names that stand in one figure: none is cut so that two become equal.

    Names that begin alike lose what they share instead, from a word's start.
    """
    texts = [plain(value) for value in values]
    cut = [label(text, length) for text in texts]
    found = list(cut)
    for i, text in enumerate(texts):
        alike = [t for t, short in zip(texts, cut, strict=True) if short == cut[i] and t != text]
        if alike:
            shared = max(_shared(text, other) for other in alike)
            word = text.rfind(" ", 0, shared) + 1
            found[i] = label("…" + text[max(word, shared - length // 2) :], length)
    return found


def _shared(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    return sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    )


def readable(name: object) -> str:
    """Return an identifier such as `no_mediation` as words."""
    return plain(name).replace("_", " ").strip() or plain(name)


def in_quotes(name: object) -> str:
    """Return the same in quotation marks: `without_parity` stays a name inside a sentence."""
    return quoted(readable(name))


def quoted(title: object) -> str:
    """Return a title, as its author wrote it, in quotation marks."""
    return f'"{plain(title)}"'
