"""What a player types in a turn: choices by number, and the few words of the game.

``t2=5`` sends team 2 to place 5 (0 is home), ``n3=4`` gives line 3 the weight 4, ``n3+`` twice and
``n3-`` half of what it has, ``r=20`` turns 20 % of the statements to replies.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sim.errors import InputError, Problem
from sim.scenario.error_texts import show_text
from sim.scenario.value_kinds import LARGEST
from sim.studies.play import Match, TurnChoice

HISTORY, UNDO, HELP, QUIT = "h", "u", "?", "q"
WORDS = {"history": HISTORY, "undo": UNDO, "help": HELP, "quit": QUIT}
_CHOICE = re.compile(r"(t|n)([0-9]{1,4})(?:=([0-9.]{1,12})|([+-]))|r=([0-9.]{1,12})")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_HOW = "must be a choice such as t1=3, n2=4, n2+ or r=20, or one of h, u, ?, q"


class Turn(NamedTuple):
    """What was typed: a word of the game, or a choice."""

    word: str
    choice: TurnChoice


def read_turn(text: str, match: Match, place: str = "") -> Turn:
    """Read a line, in which spaces or commas stand between choices; an empty one changes nothing.

    Parameters
    ----------
    place
        ``FILE:LINE`` where the line is of a file, for refusals.

    Raises
    ------
    InputError
        With the column of what is refused.
    """
    words = [(found.start() + 1, found.group()) for found in re.finditer(r"[^\s,]+", text)]
    alone = words[0][1].lower() if len(words) == 1 else ""
    word = WORDS.get(alone, alone)
    if word in WORDS.values():
        return Turn(word, TurnChoice())
    stops: dict[str, str | None] = {}
    shares: dict[str, float] = {}
    reply = None
    for column, one in words:
        try:
            reply = _read_choice(one, match, stops, shares, reply)
        except ValueError as fault:
            where = f"{place}:{column}" if place else f"column {column}"
            raise InputError(Problem("", str(fault), show_text(one), where)) from None
    return Turn("", TurnChoice(stops, shares, reply))


def _read_choice(
    text: str,
    match: Match,
    stops: dict[str, str | None],
    shares: dict[str, float],
    reply: float | None,
) -> float | None:
    """Read one choice into the stops or shares, or return the part for replies."""
    found = _CHOICE.fullmatch(text.lower())
    if found is None:
        raise ValueError(_HOW)
    what, number, value, sign, percent = found.groups()
    if percent is not None:
        part = _number(percent)
        if part > 100:
            raise ValueError("the part for replies must lie in 0 to 100 %")
        return part / 100.0
    at = int(number)
    if what == "t":
        team = _item(match.teams, at, "team")
        places = ["home", *(one.name for one in match.base.audiences)]
        if value is None or not value.isdecimal():
            raise ValueError(f"a team goes to a place by its number, such as t{at}=1")
        where = int(value)
        if where >= len(places):
            raise ValueError(f"there are the places 0 to {len(places) - 1}")
        stops[team] = places[where] if where else None
        return reply
    menu = match.shares()
    line = _item(list(menu), at, "line")
    now = shares.get(line, menu[line])
    if sign:
        shares[line] = min((now or 1.0) * 2.0, LARGEST) if sign == "+" else now / 2.0
    else:
        shares[line] = min(_number(value), LARGEST)
    return reply


def _item(names: list[str], at: int, what: str) -> str:
    if not 1 <= at <= len(names):
        there = f"there are the {what}s 1 to {len(names)}" if names else f"there is no {what}"
        raise ValueError(there)
    return names[at - 1]


def _number(text: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise ValueError("must be a number such as 3 or 0.5")
    return float(text)
