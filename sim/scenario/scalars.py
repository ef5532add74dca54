"""What counts as a number, a whole number, a flag or a date: the grammar of single values.

YAML 1.1 reads 012 as ten, 1:30 as ninety and ``no`` as false; none of that is wanted here. Ranges
are checked by ``value_reader``. Functions named ``..._fault`` give the reason of a refusal.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date

from sim.scenario.nodes import Scalar

_DIGITS = r"(?:0|[1-9][0-9]*)"
_NUMBER = re.compile(rf"[-+]?(?:{_DIGITS}(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_WHOLE = re.compile(rf"[-+]?{_DIGITS}(?:\.0+)?")  # tables have 130.0 where a cell was empty
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
COUNTRY_CODE = re.compile(r"[A-Z]{3}")
SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_FLAGS = {spell(word): word == "true" for word in ("true", "false")
          for spell in (str.lower, str.capitalize, str.upper)}  # fmt: skip
_INFINITY = (".inf", ".Inf", ".INF")
LONGEST_NAME = 80
_LONGEST = 400  # characters: longer ones would reach Python's own limit on digits


def number(node: Scalar) -> float | None:
    """The finite number a person wrote, or None."""
    return None if node.quoted else plain_number(node.text)


def plain_number(text: str) -> float | None:
    """The finite number that an unquoted text is, or None."""
    if len(text) > _LONGEST or not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value + 0.0 if math.isfinite(value) else None  # + 0.0 turns -0.0 into 0.0


def number_or_infinity(node: Scalar) -> float | None:
    """A number as above, or infinity written as YAML does, ``.inf``; else None.

    Infinity may stand in quotes, since resolved scenarios are kept as JSON, too, which has no such
    number.
    """
    if node.text in _INFINITY:
        return math.inf
    return number(node)


def number_text(value: float) -> str:
    """What a file would say for a number; it reads back to the same bits."""
    return repr(value).replace("inf", ".inf")


def whole(node: Scalar) -> int | None:
    """The whole number a person wrote, or None."""
    return None if node.quoted else plain_whole(node.text)


def plain_whole(text: str) -> int | None:
    """The whole number that an unquoted text is, or None; 130.0 is one."""
    whole = len(text) <= _LONGEST and _WHOLE.fullmatch(text)
    return int(text.partition(".")[0]) if whole else None


def flag(node: Scalar) -> bool | None:
    """True or false, or None."""
    return None if node.quoted else plain_flag(node.text)


def plain_flag(text: str) -> bool | None:
    """True or false in one of the spellings of YAML 1.2, Python and spreadsheets, or None."""
    return _FLAGS.get(text)


def iso_date(node: Scalar) -> date | None:
    """The date, quoted or not, or None."""
    if not _DATE.fullmatch(node.text):
        return None
    try:
        return date.fromisoformat(node.text)
    except ValueError:  # 2025-02-30
        return None


def text_fault(text: str, longest: int, *, lines: bool = False) -> str:
    """Why a text is refused, or "" where it is fine.

    Parameters
    ----------
    text
        As written.
    longest
        Most characters that it may have.
    lines
        Allow line breaks and tabs.
    """
    if not text.strip():
        return "must not be empty"
    if len(text) > longest:
        return f"must not be longer than {longest} characters"
    if any(_unprintable(mark) for mark in text if not (lines and mark in "\n\t")):
        return "must not hold control or invisible characters"
    return ""


def name_fault(name: str) -> str:
    """Why a name is refused, or ""."""
    fault = text_fault(name, LONGEST_NAME)
    if not fault and name != name.strip():
        return "must not begin or end with a space"
    return fault


def slug_fault(name: str) -> str:
    """Why the name of a scenario or arm is refused, or "": folders and options carry it."""
    fault = text_fault(name, LONGEST_NAME)
    if not fault and not SLUG.fullmatch(name):
        return "may hold only letters a to z, digits, _ and -, and begins with a letter or digit"
    return fault


def country_code_fault(code: str) -> str:
    """Why the code of a country is refused, or ""."""
    return "" if COUNTRY_CODE.fullmatch(code) else "must be three capital letters, such as FRA"


def _unprintable(mark: str) -> bool:
    """Whether a character shows nothing of its own: controls, format characters, surrogates."""
    # joiners belong to the spelling of some scripts; ``fold_case`` drops them in comparisons
    category = unicodedata.category(mark)
    return category in ("Cc", "Cf", "Cs", "Zl", "Zp") and mark not in "\u200c\u200d"
