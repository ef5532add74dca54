"""Headed sections of sentences and tables, set for a terminal and for the page.

What the sentences say is in the modules of words; here they only get their form. Everything is
escaped here, so callers give names as they are.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import NamedTuple

from sim.report.escaping import marked_up, plain

WIDTH = 100  # characters of a line in a terminal
NARROWEST = 12  # characters of a name in a table, however wide the other columns are
WIDEST_HEAD = 18


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


def text_table(table: ReportTable) -> list[str]:
    """Return a table's lines in columns, names cut and heads broken so that it fits."""
    rows = [[plain(cell) for cell in row] for row in table.rows]
    columns = [[row[i] for row in rows] for i in range(len(table.head))]
    heads = [
        _break_head(plain(head), max(map(len, column), default=0))
        for head, column in zip(table.head, columns, strict=True)
    ]
    depth = max(map(len, heads))
    heads = [[""] * (depth - len(head)) + head for head in heads]
    cells = (head + column for head, column in zip(heads, columns, strict=True))
    name_width, *widths = (max(map(len, column)) for column in cells)
    name_width = max(NARROWEST, min(name_width, WIDTH - sum(widths) - 2 * len(widths)))
    lines = []
    for name, *numbers in [*zip(*heads, strict=True), *rows]:
        name = name if len(name) <= name_width else name[: name_width - 1] + "…"
        right = (number.rjust(width) for number, width in zip(numbers, widths, strict=True))
        lines.append("  ".join([name.ljust(name_width), *right]).rstrip())
    return lines


def _break_head(head: str, width: int) -> list[str]:
    """Break a column's head into lines, `who: what` into two at least.

    They are as wide as the column's cells, ``width``, or as the longest word.
    """
    lines: list[str] = []
    longest = max((len(word) for word in head.replace(":", "").split()), default=1)
    for part in head.split(": "):
        lines += textwrap.wrap(part, min(max(width, longest), WIDEST_HEAD))[:3]
    return lines or [""]


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
