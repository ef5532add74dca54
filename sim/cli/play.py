"""Play one side against the model, week by week, in the terminal.

    narrate play kashmir_2025 --as India --arm mediation
    narrate play kashmir_2025_as_India.yaml
    narrate play kashmir_2025 --as India --choices week_by_week.txt

Each turn shows the situation in ten lines and takes one line of choices by number: where teams go,
which lines of argument get more, how much goes to replies; ? explains them. The game is kept in a
scenario file after every turn, whose plans any verb can run (narrate run FILE). It goes on with
narrate play FILE, after q, the end of the input, or Ctrl-C. The end compares the campaign with
what the side did in the scenario and with each strategy, on the same draws.

--choices FILE takes the lines from a file: one a turn, # begins a remark.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cli import options
from sim.cli.parsing import Parser, path, whole
from sim.cli.printing import complain, note, say, say_json
from sim.errors import HungUp, InputError, Problem, Terminated
from sim.scenario import shipped
from sim.scenario.error_texts import show_text, unknown
from sim.scenario.scalars import slug_fault
from sim.scenario.value_kinds import LONGEST_SEED

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.studies.play import Match

EVERY = 7
LONGEST_LINE = 10_000


def arguments(parser: Parser) -> None:
    """Add the verb's arguments."""
    about = "a shipped scenario or a file to begin with, or the file of a game to go on with"
    parser.add_argument("scenario", metavar="SCENARIO", help=about)
    parser.option("--as CLAIMANT", "the side you play", dest="side")
    parser.option("--arm NAME", "arm of the scenario (default: the scenario as it stands)")
    parser.option("--every N", f"days of a turn (default {EVERY})", whole(1, 366))
    options.seed(parser)
    about = "number of the replicate: other draws from the same seed (default 0)"
    parser.option("--replicate N", about, whole(0, LONGEST_SEED))
    about = "file of a new game (default SCENARIO_as_CLAIMANT.yaml, beside a scenario's own file)"
    parser.option("-o --out FILE", about, path)
    parser.option("--choices FILE", "take the turns from this file, one a line", path)
    options.printing(parser)


def main(args: argparse.Namespace) -> int:
    """Play until the game is over or the input ends; the file is whole after every turn."""
    from sim.cli.compilation import tell_of_compilation

    match, file = _open(args)
    tell_of_compilation(args)
    table = _GameTable(args, match, file)
    try:
        table.play()
    except (KeyboardInterrupt, Terminated) as stopped:
        how = HungUp if isinstance(stopped, HungUp) else type(stopped)
        raise how(f"the game is kept: narrate play {file}") from None
    return 0


def _open(args: argparse.Namespace) -> tuple[Match, Path]:
    """The match, new or gone on with, and its file."""
    from sim.scenario.scenario import Scenario

    scenario = Scenario.from_yaml(args.scenario)
    return _go_on(args, scenario) if scenario.game else _begin(args, scenario)


def _begin(args: argparse.Namespace, scenario: Scenario) -> tuple[Match, Path]:
    from sim.scenario.entities import Game
    from sim.studies.play import begin

    sides = [side.name for side in scenario.claimants]
    if args.side is None:
        raise InputError(f"--as: is missing; it may be {' or '.join(map(show_text, sides))}")
    if args.side not in sides:
        reason = unknown("claimant", args.side, sides)
        raise InputError(Problem("", reason, show_text(args.side), "--as"))
    if args.seed is not None:
        scenario = scenario.set({"seed": str(args.seed)}, place="--seed")
    arm = args.arm or ""
    game = Game(args.side, args.every or EVERY, 0, arm, args.replicate or 0)
    match = begin(options.in_arm(scenario, arm), game)
    file = args.out or _default_file(args.scenario, scenario, args.side)
    _check_file(file, args.scenario)
    _keep(match, file, _extension_name(args.scenario), new=True)
    return match, file


def _go_on(args: argparse.Namespace, played: Scenario) -> tuple[Match, Path]:
    from sim.scenario.scenario import Scenario
    from sim.studies.play import go_on

    game, file, name = played.game, Path(args.scenario), played.layers.extends
    if game is None or not name:
        raise InputError(f"{args.scenario}: game: needs a scenario that the file extends")
    for option in ("side", "arm", "every", "replicate", "seed", "out"):
        if getattr(args, option) is not None:
            flag = "--as" if option == "side" else f"--{option}"
            raise InputError(Problem("", "is as the game began; leave it out", "", flag))
    beside = file.with_name(f"{name}{shipped.SUFFIX}")
    base = Scenario.from_yaml(str(beside) if beside.exists() else name)
    base = options.in_arm(base.replace(seed=played.seed), game.arm)
    return go_on(options.in_arm(played, game.arm), base, game), file


def _extension_name(given: str) -> str:
    """The name by which a game's file extends the scenario."""
    return given if shipped.locate(given) else Path(given).name.removesuffix(shipped.SUFFIX)


def _default_file(given: str, scenario: Scenario, side: str) -> Path:
    """SCENARIO_as_CLAIMANT.yaml: beside a file of the user's, else here."""
    plain = "".join(sign if sign.isalnum() and sign.isascii() else "_" for sign in side)
    folder = Path() if shipped.locate(given) else Path(given).parent
    return folder / f"{scenario.name}_as_{plain}{shipped.SUFFIX}"


def _check_file(file: Path, given: str) -> None:
    """Refuse a file that could not extend the scenario, or that is there already."""
    if file.suffix != shipped.SUFFIX or slug_fault(file.stem):
        reason = f"must be named like a scenario, such as my_game{shipped.SUFFIX}"
        raise InputError(Problem("", reason, show_text(file.name), "--out"))
    if not shipped.locate(given) and file.parent.resolve() != Path(given).parent.resolve():
        raise InputError(Problem("", f"must lie beside {given}, which it extends", "", "--out"))
    if slug_fault(_extension_name(given)):
        raise InputError(f"{given}: must have the name of a scenario to be extended")


def _keep(match: Match, file: Path, extends: str, new: bool = False) -> None:
    """Write the game, whole; a new one never in the place of another file."""
    from sim.scenario.writing import to_yaml
    from sim.store.folder import write_new, write_text

    text = to_yaml(match.content(file.stem, extends))
    (write_new if new else write_text)(file, text)


class _GameTable:
    """Where a game is played: what is shown, what is taken, where it is kept."""

    def __init__(self, args: argparse.Namespace, match: Match, file: Path) -> None:
        self.args, self.match, self.file = args, match, file
        self.extends = _extended_by(file)
        self.silent = args.json or args.quiet

    def play(self) -> None:
        """Take turns until the game is over or nobody goes on."""
        lines = _lines(self.args.choices)
        if not self.silent:
            note(f"the game is kept in {self.file} after every turn; ? explains the choices")
        while not self.match.over:
            self._show()
            if not self._take(lines):
                break
        self._end()

    def _show(self) -> None:
        from sim.report.game_words import choices, situation

        if not self.silent:
            say("\n".join(["", *situation(self.match), "", *choices(self.match)]))
            sys.stdout.flush()

    def _take(self, lines: Iterator[tuple[str, str]]) -> bool:
        """Take lines until a turn is made; False where the input ends or the player leaves."""
        from sim.cli.play_choices import HELP, HISTORY, QUIT, UNDO, read_turn
        from sim.report import game_words

        for place, text in lines:
            try:
                turn = read_turn(text, self.match, place)
                if turn.word == QUIT:
                    return False
                if turn.word == HELP:
                    say(game_words.HELP)
                    continue
                if turn.word == UNDO:
                    match = self.match.undo()
                elif turn.word == HISTORY:
                    match = self.match.follow_history()
                else:
                    match = self.match.take(turn.choice)
            except InputError as refused:
                if place:
                    raise
                complain(str(refused))
                continue
            _keep(match, self.file, self.extends)
            self.match = match
            return True
        return False

    def _end(self) -> None:
        """Tell where the game stands, and at its end what it is beside other campaigns."""
        from sim.report.game_words import ending
        from sim.studies.play import DRAWS, other_campaigns

        match = self.match
        found = other_campaigns(match) if match.over else []
        again = f"narrate run {self.file}"
        if match.game.arm:
            again += f" --arm {match.game.arm}"
        if match.game.replicate:
            again += f" --replicate {match.game.replicate}"
        if self.args.json:
            document: dict[str, Any] = {
                "file": str(self.file), "side": match.game.side, "turns": match.game.turns,
                "of": match.turns, "day": match.day, "lead": float(match.campaign.lead[match.day]),
                "campaigns": [one._asdict() for one in found], "again": again,
            }  # fmt: skip
            say_json(document)
        elif not self.args.quiet:
            if found:
                say("\n".join(["", *ending(match, found, DRAWS), f"Run it again: {again}"]))
            else:
                say(f"\nThe game is kept: narrate play {self.file}")


def _extended_by(file: Path) -> str:
    """What a game's file extends."""
    from sim.scenario.scenario import Scenario

    return Scenario.from_yaml(str(file)).layers.extends


def _lines(choices: Path | None) -> Iterator[tuple[str, str]]:
    """The lines of a file with their places, or those that are typed, without one."""
    if choices is None:
        if isinstance(sys.stdin, TextIOWrapper):
            sys.stdin.reconfigure(errors="replace")  # what is no text is refused as a choice
        while sys.stdin is not None and (line := sys.stdin.readline(LONGEST_LINE)):
            yield "", line
        return
    from sim.scenario.reading import file_text

    for number, line in enumerate(file_text(choices, str(choices)).splitlines(), start=1):
        text = line.partition("#")[0]
        if text.strip() or not line.strip():
            yield f"{choices}:{number}", text
