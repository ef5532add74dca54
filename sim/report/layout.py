"""Headed sections of sentences and tables, set for a terminal and for the page.

What the sentences say is in the modules of words; here they only get their form. Everything is
escaped here, so callers give names as they are.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from sim.report.escaping import marked_up, plain

WIDTH = 100  # characters of a line of words in a terminal
TABLE_WIDTH = 80  # and of a table: a wider one loses its columns in a common terminal
NARROWEST = 8  # characters of the names of a table, however wide the other columns are
WIDEST_HEAD = 18
FILLER = "\ue000"  # stands for the second place of a wide character; no plain text has it


class ReportTable(NamedTuple):
    """A small table: its caption, the head, the rows; the first column is names."""

    caption: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


class Section(NamedTuple):
    """A heading with paragraphs, list items and tables.

    With tables, the items say the same in sentences; a terminal leaves them out.
    """

    heading: str
    paragraphs: list[str]
    items: tuple[str, ...] = ()
    tables: tuple[ReportTable, ...] = ()


def in_text(found: list[Section]) -> str:
    """Return sections for a terminal, lines at most ``WIDTH`` characters wide."""
    lines: list[str] = []
    for section in found:
        heading = plain(section.heading)
        lines += [heading, "-" * min(len(heading), WIDTH)]
        for paragraph in section.paragraphs:
            lines += [*textwrap.wrap(plain(paragraph), WIDTH), ""]
        for item in section.items if not section.tables else ():
            lines += textwrap.wrap(plain(item), WIDTH, initial_indent="- ", subsequent_indent="  ")
        for table in section.tables:
            lines += [*textwrap.wrap(plain(table.caption), WIDTH), *text_table(table), ""]
        if lines[-1]:
            lines.append("")
    # a terminal may not have the no-break space that the page needs
    return "\n".join(lines).rstrip().replace("\u00a0", " ") + "\n"


class _Group(NamedTuple):
    """Neighbouring columns whose heads say `who: what` of the same one, which they share."""

    who: str
    whats: list[list[str]]  # lines of each column
    widths: list[int]

    @property
    def span(self) -> int:
        return sum(self.widths) + 2 * len(self.widths) - 2


def text_table(table: ReportTable) -> list[str]:
    """Return a table's lines in columns, ``TABLE_WIDTH`` wide where its numbers leave the room.

    Nothing is cut: long heads are broken into lines, and a name too long for its column has a
    line of its own above its numbers.
    """
    names = [_fill(row[0]) for row in table.rows]
    rows = [[_fill(cell) for cell in row[1:]] for row in table.rows]
    cells = [max(map(len, column)) for column in zip(*rows, strict=True)]
    first, *heads = map(_fill, table.head)
    groups = _share_heads(heads, cells or [0] * len(heads))
    widths = [width for group in groups for width in group.widths]
    room = TABLE_WIDTH - sum(widths) - 2 * len(widths)
    longest = max(map(len, [first, *names]))
    width = min(longest, max(room, NARROWEST))
    spans = [group.span for group in groups]
    lines = []
    for line in _bottom_up([_above(group) for group in groups]):
        lines.append(["", *(cell.ljust(span) for cell, span in zip(line, spans, strict=True))])
    for what in _bottom_up([what for group in groups for what in group.whats]):
        lines.append(["", *(cell.rjust(w) for cell, w in zip(what, widths, strict=True))])
    lines[-1][0] = first
    for name, row in zip(names, rows, strict=True):
        if len(name) > width:
            lines.append([name])
            name = ""
        lines.append([name, *(cell.rjust(w) for cell, w in zip(row, widths, strict=True))])
    return [
        "  ".join([line[0].ljust(width), *line[1:]]).rstrip().replace(FILLER, "") for line in lines
    ]


def _share_heads(heads: Sequence[str], cells: Sequence[int]) -> list[_Group]:
    """Return columns with ``cells`` of these widths by whom their heads are about."""
    groups = []
    columns = zip(heads, cells, strict=True)
    for who, members in groupby(columns, key=lambda column: column[0].rpartition(": ")[0]):
        whats = [
            (textwrap.wrap(head, max(width, _longest_word(head))) or [""], width)
            for head, width in ((head.rpartition(": ")[2], width) for head, width in members)
        ]
        widths = [max(width, *map(len, lines)) for lines, width in whats]
        group = _Group(who, [lines for lines, _ in whats], widths)
        widths[-1] += max(0, _longest_word(who) - group.span)
        groups.append(group)
    return groups


def _above(group: _Group) -> list[str]:
    """Return the lines above the columns of a group, as wide as they are together."""
    return [line.center(group.span) for line in textwrap.wrap(group.who, group.span)]


def _longest_word(text: str) -> int:
    """Return how wide a head must be that no word is broken; at most ``WIDEST_HEAD``."""
    return min(WIDEST_HEAD, max(map(len, text.split()), default=0))


def _bottom_up(columns: Sequence[list[str]]) -> list[tuple[str, ...]]:
    """Return the lines of columns of unequal depth, side by side; they end together."""
    depth = max(map(len, columns), default=0)
    padded = ([""] * (depth - len(lines)) + lines for lines in columns)
    return list(zip(*padded, strict=True))


def _fill(cell: str) -> str:
    """Return a cell's plain text as long as it is wide in a terminal."""
    return "".join(
        character + FILLER * (unicodedata.east_asian_width(character) in "WF")
        for character in plain(cell)
    )


def in_html(found: list[Section]) -> str:
    """Return sections for the page; minus signs become typographic in tables."""
    parts = []
    for section in found:
        parts.append(f"<h2>{marked_up(section.heading)}</h2>")
        parts += [f"<p>{marked_up(paragraph)}</p>" for paragraph in section.paragraphs]
        parts += [html_table(table) for table in section.tables]
        if section.items:
            inner = "".join(f"<li>{emphasise_head(item)}</li>" for item in section.items)
            inner = f"<ul>{inner}</ul>"
            if section.tables:  # the same as in the tables, for those who prefer sentences
                inner = f"<details><summary>The same in sentences</summary>{inner}</details>"
            parts.append(inner)
    return "\n".join(parts)


def emphasise_head(item: str) -> str:
    """Return a list item as HTML, with what stands before its first colon in bold."""
    head, colon, rest = item.partition(": ")
    return f"<strong>{marked_up(head)}</strong>: {marked_up(rest)}" if colon else marked_up(item)


def minus_signs(cell: str) -> str:
    """Return a cell of numbers with typographic minus signs; other text as it is."""
    return re.sub(r"^-(?=\d)|(?<= to )-(?=\d)", "\u2212", cell)


def html_table(table: ReportTable, number_class: str = "n") -> str:
    """Return a table with a caption and headed rows, that scrolls by itself if too wide.

    ``number_class`` is the class of all cells but the first column's, for the page's style sheet.
    """
    first, *others = table.head
    kind = f'class="{number_class}"'
    head = f'<th scope="col">{marked_up(first)}</th>' if first else "<td></td>"
    head += "".join(f'<th scope="col" {kind}>{marked_up(other)}</th>' for other in others)
    body = ""
    for name, *numbers in table.rows:
        cells = "".join(f"<td {kind}>{minus_signs(marked_up(cell))}</td>" for cell in numbers)
        body += f'<tr><th scope="row">{marked_up(name)}</th>{cells}</tr>'
    caption = marked_up(table.caption)
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{caption}">'
        f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )
