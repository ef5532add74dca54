"""Tables of a tournament, from the payoffs of its runs.

Axes of payoffs: k claimant; i choice of the first; j choice of the second; r draw; and o the
rival's choice, where they are laid out for one claimant. The same draws are at every (i, j).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from sim.estimators import games
from sim.estimators.games import MatrixGame
from sim.running.pairing import half_width
from sim.tables import frames
from sim.tables.payoffs import PAYOFFS
from sim.world.arrays import Floats, Ints

RESAMPLES = 400  # of the draws, for what follows from the whole matrix
TOGETHER = ""  # the rival's choices together, each counted alike
YES, NO = "yes", "no"
PIECES = " + "  # between the parts of a mixture


@dataclass(frozen=True)
class Played:
    """One payoff over one kind of uncertainty: values[k, i, j, r], and what the axes are.

    Attributes
    ----------
    uncertainty, payoff
        As the tables have them.
    claimants
        The two, in file order.
    choices
        Of each claimant, by name.
    own
        Which of its choices is the scenario's own; None where it is not among them.
    values : [k, i, j, r]
        The payoff of each claimant.
    seed
        Of the resamples.
    """

    uncertainty: str
    payoff: str
    claimants: tuple[str, str]
    choices: tuple[tuple[str, ...], tuple[str, ...]]
    own: tuple[int | None, int | None]
    values: Floats
    seed: int

    @property
    def ids(self) -> dict[str, Any]:
        """The first columns of every table."""
        return {"uncertainty": self.uncertainty, "payoff": self.payoff}

    @property
    def zero_sum(self) -> bool:
        """Whether what one side gains the other loses."""
        return PAYOFFS[self.payoff].zero_sum

    @cached_property
    def means(self) -> Floats:
        """[k, i, j] over the draws."""
        means: Floats = self.values.mean(axis=-1)
        return means

    @cached_property
    def resampled(self) -> Floats:
        """[b, k, i, j]: the means of resamples of the draws."""
        return games.resampled_means(self.values, self.seed, RESAMPLES)

    @cached_property
    def value(self) -> float:
        """The value of a zero-sum game to the first claimant."""
        return games.game_value(self.means[0])

    @cached_property
    def resampled_values(self) -> Floats:
        """[b]: the value in each resample."""
        return np.array([games.game_value(one) for one in self.resampled[:, 0]])

    def of_side(self, k: int, values: Floats) -> Floats:
        """values[..., own choice, rival's choice] of a claimant, from [..., k, i, j]."""
        mine: Floats = values[..., k, :, :]
        return mine if k == 0 else np.swapaxes(mine, -1, -2)

    def draws_of_side(self, k: int) -> Floats:
        """[own choice, rival's choice, r]."""
        mine = self.values[k]
        return mine if k == 0 else np.ascontiguousarray(np.swapaxes(mine, 0, 1))

    def against(self, k: int) -> list[tuple[str, Floats]]:
        """Each choice of the rival, and all together: [own choice, r] against it."""
        mine = self.draws_of_side(k)
        rival = self.choices[1 - k]
        return [
            (TOGETHER, mine.mean(axis=1)),
            *((name, np.ascontiguousarray(mine[:, o])) for o, name in enumerate(rival)),
        ]


def interval(values: Floats) -> tuple[float, float]:
    """The 95 % interval of resampled numbers, of those that are known; nan where none is."""
    known = values[np.isfinite(values)]
    if not len(known):
        return np.nan, np.nan
    low, high = np.quantile(known, (0.025, 0.975))
    return float(low), float(high)


def mean_columns(values: Floats) -> dict[str, Any]:
    """Columns ``n, mean, mc_low, mc_high`` and ``sd`` of values[..., r], flattened."""
    n = values.shape[-1]
    mean, sd = values.mean(axis=-1), _spread(values)
    half = half_width(sd / np.sqrt(n), n)
    found = {"mean": mean, "mc_low": mean - half, "mc_high": mean + half, "sd": sd}
    return {"n": n} | {name: column.ravel() for name, column in found.items()}


def _spread(values: Floats) -> Floats:
    """Standard deviation over draws; exactly 0 where all are equal, nan of one draw."""
    if values.shape[-1] < 2:
        return np.full(values.shape[:-1], np.nan)
    sd: Floats = values.std(axis=-1, ddof=1)
    return np.where(values.max(axis=-1) == values.min(axis=-1), 0.0, sd)


def make_tables(played: Sequence[Played]) -> dict[str, pd.DataFrame]:
    """Every table of a tournament, by name."""
    makers = {
        "payoffs": payoff_rows,
        "differences": difference_rows,
        "standings": standing_rows,
        "replies": reply_rows,
        "dominance": dominance_rows,
    }
    found = {
        name: _join_rows(name, (rows for one in played for rows in make(one)))
        for name, make in makers.items()
    }
    solved = [(one, games.solve_game(MatrixGame(*one.means))) for one in played]
    found["games"] = _join_rows("games", (game_row(*each) for each in solved))
    found["equilibria"] = _join_rows(
        "equilibria", (rows for each in solved for rows in equilibrium_rows(*each))
    )
    return found


def _join_rows(name: str, pieces: Iterator[dict[str, Any]]) -> pd.DataFrame:
    """A table from pieces, each with columns of one length or single values."""
    made = [pd.DataFrame(piece) for piece in pieces]
    if not made:
        return frames.empty(name)
    whole = pd.concat(made, ignore_index=True)
    return frames.table(name, {str(column): whole[column] for column in whole})


def payoff_rows(one: Played) -> Iterator[dict[str, Any]]:
    """The matrix of each claimant, cell by cell."""
    first, second = one.choices
    i, j = one.own
    usual = one.values.mean(axis=(1, 2), keepdims=True)
    if i is not None and j is not None:
        usual = one.values[:, i : i + 1, j : j + 1]
    gains = one.values - usual
    for k, claimant in enumerate(one.claimants):
        gain = mean_columns(gains[k])
        low, mid, high = np.quantile(one.values[k], (0.05, 0.5, 0.95), axis=-1)
        yield {
            **one.ids,
            "claimant": claimant,
            "first": np.repeat(np.array(first, dtype=object), len(second)),
            "second": list(second) * len(first),
            **mean_columns(one.values[k]),
            "q05": low.ravel(),
            "median": mid.ravel(),
            "q95": high.ravel(),
            "gain": gain["mean"],
            "gain_low": gain["mc_low"],
            "gain_high": gain["mc_high"],
        }


def difference_rows(one: Played) -> Iterator[dict[str, Any]]:
    """Each pair of a claimant's choices, against each choice of the rival and all together."""
    for k, claimant in enumerate(one.claimants):
        names = np.array(one.choices[k], dtype=object)
        a, b = np.triu_indices(len(names), 1)
        for against, values in one.against(k) if len(a) else ():
            apart = values[a] - values[b]
            columns = mean_columns(apart)
            yield {
                **one.ids,
                "claimant": claimant,
                "against": against,
                "choice": names[a],
                "instead_of": names[b],
                "n_pairs": columns["n"],
                "mean_diff": columns["mean"],
                "mc_low": columns["mc_low"],
                "mc_high": columns["mc_high"],
                "sd_diff": columns["sd"],
                "share_positive": (apart > 0.0).mean(axis=1),
                "share_unchanged": (apart == 0.0).mean(axis=1),
                "share_negative": (apart < 0.0).mean(axis=1),
                "beyond_chance": _beyond_chance(columns, len(a)),
            }


def _beyond_chance(columns: dict[str, Any], compared: int) -> list[str]:
    """Whether each mean lies off 0 by more than chance does to the largest of so many.

    Bonferroni: an interval of 95 % for all together. No spread at all is no chance.
    """
    from scipy.special import stdtrit

    n, mean, sd = columns["n"], columns["mean"], columns["sd"]
    quantile = float(stdtrit(n - 1, 1.0 - 0.025 / compared)) if n > 1 else np.inf
    wide = np.where(np.isnan(sd), np.inf, sd) * quantile / np.sqrt(n)
    return [YES if far else NO for far in (mean != 0.0) & (np.abs(mean) > wide)]


def standing_rows(one: Played) -> Iterator[dict[str, Any]]:
    """The order of a claimant's choices against each choice of the rival and all together."""
    for k, claimant in enumerate(one.claimants):
        same = _same_choices(one, k)
        for against, values in one.against(k):
            better, worse = _ranks(values)
            mean = values.mean(axis=1, keepdims=True)
            rank = _ranks(mean)[0][:, 0]
            holds = (better <= rank[:, None]) & (rank[:, None] <= worse)
            columns = mean_columns(values)
            columns.pop("sd")
            yield {
                **one.ids,
                "claimant": claimant,
                "against": against,
                "choice": list(one.choices[k]),
                **columns,
                "rank": rank,
                "rank_share": holds.mean(axis=1),
                "share_first": (better == 1).mean(axis=1),
                "rank_low": np.quantile(better, 0.05, axis=1, method="inverted_cdf"),
                "rank_high": np.quantile(better, 0.95, axis=1, method="inverted_cdf"),
                "same_as": same,
            }


def _ranks(values: Floats) -> tuple[Ints, Ints]:
    """The best and the worst rank, from 1, of each choice in each draw of values[choice, r].

    They differ where choices are equal.
    """
    higher = (values[None, :, :] > values[:, None, :]).sum(axis=1)
    as_high = (values[None, :, :] >= values[:, None, :]).sum(axis=1)
    return higher + 1, as_high


def _same_choices(one: Played, k: int) -> list[str]:
    """For each choice the first that has the same payoffs in every run of both; "" where none."""
    names = one.choices[k]
    runs = np.moveaxis(one.values, 1 + k, 0).reshape(len(names), -1)
    found = []
    for place, own in enumerate(runs):
        equal = (names[at] for at in range(place) if (runs[at] == own).all())
        found.append(next(equal, ""))
    return found


def reply_rows(one: Played) -> Iterator[dict[str, Any]]:
    """The best reply to each choice of the rival: what it brings, and what being known costs."""
    for k, claimant in enumerate(one.claimants):
        mine, means = one.draws_of_side(k), one.of_side(k, one.means)
        drawn, theirs = one.of_side(k, one.resampled), one.of_side(k, one.means[::-1])
        losses = one.of_side(k, one.resampled[:, ::-1])
        for o, against in enumerate(one.choices[1 - k]):
            best = int(means[:, o].argmax())
            gain = _gain(mine[:, o], one.own[k])
            yield {
                **one.ids,
                "claimant": claimant,
                "against": against,
                "choice": [one.choices[k][best]],
                "share_first": (drawn[:, :, o].argmax(axis=1) == best).mean(),
                "mean": means[best, o],
                **_gain_columns(gain, one, k),
                **_price(one, 1 - k, theirs[best, o], losses[:, :, o], drawn[:, :, o]),
            }


def _gain(values: Floats, own: int | None) -> Floats | None:
    """What the best reply brings over one's own choice in each draw, of values[choice, r].

    The reply of a draw is chosen by the other half of the draws: chosen and judged by the same
    ones, the best of many looks better than it is.
    """
    draws = values.shape[-1]
    if own is None or draws < 2:
        return None
    half = np.arange(draws) % 2
    chosen = [int(values[:, half != part].mean(axis=1).argmax()) for part in (0, 1)]
    replies = np.where(half == 0, values[chosen[0]], values[chosen[1]])
    gain: Floats = replies - values[own]
    return gain


def _gain_columns(gain: Floats | None, one: Played, k: int) -> dict[str, Any]:
    """The columns of a paired gain; missing where the scenario's own choice is not played."""
    if gain is None:
        missing = ("mean_diff", "mc_low", "mc_high", "sd_diff", "share_positive")
        return {"instead_of": "", "n_pairs": 0, **dict.fromkeys(missing, np.nan)}
    columns = mean_columns(gain)
    own = one.own[k]
    return {
        "instead_of": "" if own is None else one.choices[k][own],
        "n_pairs": columns["n"],
        "mean_diff": columns["mean"],
        "mc_low": columns["mc_low"],
        "mc_high": columns["mc_high"],
        "sd_diff": columns["sd"],
        "share_positive": float((gain > 0.0).mean()),
    }


def _price(one: Played, k: int, got: float, losses: Floats, gains: Floats) -> dict[str, Any]:
    """What the rival k gets less than the game's value, its choice known; only where zero-sum."""
    if not one.zero_sum:
        return dict.fromkeys(("price", "low", "high"), np.nan)
    sign = 1.0 if k == 0 else -1.0
    at = gains.argmax(axis=1)
    drawn = sign * one.resampled_values - losses[np.arange(len(at)), at]
    low, high = interval(drawn)
    return {"price": sign * one.value - got, "low": low, "high": high}


def dominance_rows(one: Played) -> Iterator[dict[str, Any]]:
    """Choices that another one, or a mixture, beats whatever the rival does."""
    for k, claimant in enumerate(one.claimants):
        names, drawn = one.choices[k], one.of_side(k, one.resampled)
        for found in games.dominated_choices(one.of_side(k, one.means)):
            margins = games.margins_of(found, drawn)
            low, high = interval(margins)
            yield {
                **one.ids,
                "claimant": claimant,
                "choice": [names[found.choice]],
                "dominated_by": mixture_text(names, found.weights),
                "strictly": YES if found.margin > 0.0 else NO,
                "margin": found.margin,
                "low": low,
                "high": high,
                "share_resampled": float((margins >= 0.0).mean()),
            }


def mixture_text(names: Sequence[str], weights: Floats) -> str:
    """``myopic``, or ``0.60 myopic + 0.40 avoid``."""
    parts = [(name, weight) for name, weight in zip(names, weights, strict=True) if weight > 0.0]
    if len(parts) == 1:
        return parts[0][0]
    return PIECES.join(f"{weight:.2f} {name}" for name, weight in parts)


def game_row(one: Played, solved: games.Solution) -> dict[str, Any]:
    """What each method found, and the value where there is one."""
    value = low = high = np.nan
    if one.zero_sum:
        value, (low, high) = one.value, interval(one.resampled_values)
    return {
        **one.ids,
        "method": [search.method for search in solved.searches],
        "found": [search.equilibria for search in solved.searches],
        "left_out": [search.left_out for search in solved.searches],
        "equilibria": len(solved.equilibria),
        "degenerate": YES if solved.degenerate else NO,
        "value": value,
        "low": low,
        "high": high,
    }


def equilibrium_rows(one: Played, solved: games.Solution) -> Iterator[dict[str, Any]]:
    """What each equilibrium mixes, what it pays, and how often its mixture is one in resamples."""
    for number, found in enumerate(solved.equilibria, 1):
        pays, there = games.resolve_supports(one.resampled[:, 0], one.resampled[:, 1], found)
        for k, claimant in enumerate(one.claimants):
            weights = found[k]
            mixed = np.flatnonzero(weights)
            low, high = interval(pays[:, k])
            yield {
                **one.ids,
                "equilibrium": number,
                "methods": ", ".join(found.methods),
                "claimant": claimant,
                "choice": [one.choices[k][at] for at in mixed],
                "probability": weights[mixed],
                "mean": float(found.first @ one.means[k] @ found.second),
                "low": low,
                "high": high,
                "share_resampled": float(there.mean()),
            }
