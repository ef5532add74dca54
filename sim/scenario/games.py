"""What a file says of the game whose plans it holds: ``game``, which no run depends on."""

from __future__ import annotations

from sim.scenario.entities import Game
from sim.scenario.error_texts import unknown
from sim.scenario.keys import GAME
from sim.scenario.layers import Layers
from sim.scenario.problems import Problems
from sim.scenario.value_reader import BAD, ValueReader


def read_game(layers: Layers, problems: Problems) -> Game | None:
    """The game of a file's layers; None where it has none, or one with problems, then noted."""
    if layers.game is None:
        return None
    known = len(problems.found)
    reader = ValueReader(layers.tree("", Problems()), problems)
    values = reader.value(GAME.kind, layers.game, ("game",))
    if values is BAD or len(problems.found) > known:
        return None
    game = Game(**values)
    if game.arm and game.arm not in layers.arms:
        mark = layers.game.mark
        problems.add(mark, ("game", "arm"), unknown("arm", game.arm, layers.arms), game.arm)
        return None
    return game
