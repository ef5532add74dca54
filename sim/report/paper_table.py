"""The table of effects for a paper, as CSV, LaTeX or Markdown.

CSV has every digit; the other two have the digits of the report, a caption and notes.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from sim.report.effects import Effect, EffectInterval, effects, step_words
from sim.report.escaping import plain
from sim.report.numerals import OF_OPINION, join_words, number, percents, span
from sim.report.words import CAUTION, place
from sim.scenario.error_texts import begin_sentence
from sim.store.results import Results

HEAD = (
    "arm", "place", "effect", "mc_low", "mc_high", "chance_q05", "chance_q95", "unknown_q05",
    "unknown_q95", "share_lower", "share_unchanged", "share_higher", "pairs",
)  # fmt: skip
SHOWN = (
    "", "Effect", "95 % interval of the mean", "Chance, 5 to 95 %", "Not known, 5 to 95 %",
    "Lower, %", "Unchanged, %", "Higher, %",
)  # fmt: skip
NONE = "-"


class PaperTable(NamedTuple):
    """Rows that are shown, by arm, with what stands above and below them."""

    caption: str
    rows: Sequence[tuple[str, Sequence[tuple[str, ...]]]]  # of each arm
    notes: Sequence[str]


def write_csv(results: Results) -> str:
    """Return the effects of every arm, a row a place, with every digit; empty: was not run."""
    told = io.StringIO()
    writer = csv.writer(told, lineterminator="\n")
    writer.writerow(HEAD)
    for arm, rows in _effects_by_arm(results):
        for effect in rows:
            main = effect.main
            writer.writerow([
                arm, place(effect), main.mean, main.mc_low, main.mc_high, *_ends(effect.chance),
                *_ends(effect.parameters), *main.shares, main.pairs,
            ])  # fmt: skip
    return told.getvalue()


def write_markdown(results: Results) -> str:
    """Return the table as Markdown, its caption above and its notes below."""
    table = paper_table(results)
    lines = [f"**{_in_markdown(table.caption)}**", "", _markdown_row(SHOWN)]
    lines.append(_markdown_row(["---", *["---:"] * (len(SHOWN) - 1)]))
    for arm, rows in table.rows:
        if len(table.rows) > 1:
            lines.append(_markdown_row([f"*{_in_markdown(arm)}*", *[""] * (len(SHOWN) - 1)]))
        lines += [_markdown_row([_in_markdown(cell) for cell in row]) for row in rows]
    return "\n".join([*lines, "", *(f"{_in_markdown(note)}  " for note in table.notes), ""])


def write_latex(results: Results) -> str:
    """Return the table as LaTeX: a float that needs the package ``booktabs``."""
    table = paper_table(results)
    columns = "l" + "r" * (len(SHOWN) - 1)
    lines = [
        "% needs \\usepackage{booktabs}",
        "\\begin{table}",
        "\\centering\\small",
        f"\\caption{{{_in_latex(table.caption)}}}",
        f"\\begin{{tabular}}{{{columns}}}",
        "\\toprule",
        _latex_row(SHOWN),
        "\\midrule",
    ]
    for i, (arm, rows) in enumerate(table.rows):
        if len(table.rows) > 1:
            lines += ["\\midrule"] if i else []
            name = f"\\multicolumn{{{len(SHOWN)}}}{{l}}{{\\emph{{{_in_latex(arm)}}}}}"
            lines.append(f"{name} \\\\")
        lines += [_latex_row(row) for row in rows]
    lines += ["\\bottomrule", "\\end{tabular}"]
    lines += ["", "\\medskip\\raggedright\\footnotesize", *map(_in_latex, table.notes)]
    return "\n".join([*lines, "\\end{table}", ""])


WRITERS: dict[str, Callable[[Results], str]] = {
    ".csv": write_csv,
    ".md": write_markdown,
    ".tex": write_latex,
}


def paper_table(results: Results) -> PaperTable:
    """Return the effects of every arm in the report's digits, with caption and notes.

    Raises
    ------
    MissingInputError
        Of a sweep, and where there is no comparison.
    """
    found = _effects_by_arm(results)
    first, second = results.claimants
    titles = [results.title_of(arm) for arm, _ in found]
    against = f"{join_words(titles)} against {results.baseline_title}"
    name = f" ({results.scenario.name})" if results.scenario else ""
    caption = f"Effect on alignment: {against}{name}."
    main = found[0][1][0].main
    return PaperTable(
        caption,
        [
            (title, [_cells(effect) for effect in rows])
            for title, (_, rows) in zip(titles, found, strict=True)
        ],
        [
            f"Alignment is half of sympathy for {first} less sympathy for {second}, from -1 to "
            f"+1; an effect is the arm less {results.baseline_title}, pair by pair on the same "
            f"draws ({main.pairs} pairs). {begin_sentence(OF_OPINION)}.",
            f"Numbers are {step_words(results)}. Chance: single pairs at the parameters' values. "
            "Not known: single pairs with all parameters and judgements drawn. Unchanged: exactly "
            "equal.",
            CAUTION,
        ],
    )


def _effects_by_arm(results: Results) -> list[tuple[str, list[Effect]]]:
    results.table("comparison")  # or it says that there is none
    return [(arm, effects(results, arm)) for arm in results.arms[:-1]]


def _cells(effect: Effect) -> tuple[str, ...]:
    main = effect.main
    return (
        place(effect), number(main.mean), _spread(main, main.mc_low, main.mc_high),
        *(_spread(one, one.low, one.high) if one else NONE
          for one in (effect.chance, effect.parameters)),
        *(percents(main.shares, "<1", ">99") if main.shares.unchanged == main.shares.unchanged
          else [NONE] * 3),
    )  # fmt: skip


def _spread(of: EffectInterval, low: float, high: float) -> str:
    return span(low, high) if of.pairs > 1 else NONE


def _ends(interval: EffectInterval | None) -> tuple[float | str, float | str]:
    """The ends of the spread of single pairs; empty where it was not run or is of one pair."""
    known = interval is not None and interval.pairs > 1
    return (interval.low, interval.high) if interval is not None and known else ("", "")


def _markdown_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _in_markdown(text: str) -> str:
    """Text that Markdown leaves as it is."""
    return re.sub(r"([\\`*_{}\[\]<>|#])", r"\\\1", plain(text))


def _latex_row(cells: Sequence[str]) -> str:
    return f"{' & '.join(map(_in_latex, cells))} \\\\"


LATEX = {
    "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}",
    "<": "\\textless{}", ">": "\\textgreater{}", "\u00a0": "~",
    **{mark: f"\\{mark}" for mark in "&%$#_{}"},
}  # fmt: skip


def _in_latex(text: str) -> str:
    """Text that LaTeX sets as it is; a minus before a digit is one."""
    escaped = "".join(LATEX.get(character, character) for character in plain(text))
    return re.sub(r"(?<![\w.])-(?=\d)", "$-$", escaped)
