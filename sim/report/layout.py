"""Headed sections of sentences and tables, set for a terminal and for the page."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import NamedTuple

from sim.report.escaping import marked_up, plain

WIDTH = 100


class ReportTable(NamedTuple):
    """A small table: its caption, the head, the rows; the first column is names."""

    caption: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


class Section(NamedTuple):
    """A heading with paragraphs, list items and tables."""

    heading: str
    paragraphs: list[str]
    items: tuple[str, ...] = ()
    tables: tuple[ReportTable, ...] = ()


def in_text(found: list[Section]) -> str:
    """For a terminal."""
    lines: list[str] = []
    for section in found:
        lines += [plain(section.heading), "-" * min(len(plain(section.heading)), WIDTH)]
        for paragraph in section.paragraphs:
            lines += [*textwrap.wrap(plain(paragraph), WIDTH), ""]
        if not section.tables:  # with a table, the items only repeat it
            for item in section.items:
                lines += textwrap.wrap(
                    plain(item), WIDTH, initial_indent="- ", subsequent_indent="  "
                )
        for table in section.tables:
            lines += [*textwrap.wrap(plain(table.caption), WIDTH), *columns(table), ""]
        if lines[-1]:
            lines.append("")
    # a terminal may not have the no-break space that the page needs
    return "\n".join(lines).rstrip().replace("\u00a0", " ") + "\n"


def columns(table: ReportTable) -> list[str]:
    """A table in columns, names cut and heads broken so that it fits."""
    rows = [tuple(plain(cell) for cell in row) for row in table.rows]
    heads = [
        _broken(plain(cell), max((len(row[i]) for row in rows), default=0))
        for i, cell in enumerate(table.head)
    ]
    depth = max(len(head) for head in heads)
    heads = [[""] * (depth - len(head)) + head for head in heads]
    widths = [
        max(len(cell) for cell in [*heads[i], *(row[i] for row in rows)])
        for i in range(len(table.head))
    ]
    widths[0] = max(12, min(widths[0], WIDTH - sum(widths[1:]) - 2 * (len(widths) - 1)))

    def line(cells: tuple[str, ...]) -> str:
        name = cells[0] if len(cells[0]) <= widths[0] else cells[0][: widths[0] - 1] + "…"
        rest = [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True)]
        return "  ".join([name.ljust(widths[0]), *rest]).rstrip()

    top = [line(tuple(head[i] for head in heads)) for i in range(depth)]
    return [*top, *(line(row) for row in rows)]


def _broken(head: str, width: int) -> list[str]:
    """A column's head in lines as wide as its cells or its longest word, `who: what` as two."""
    lines: list[str] = []
    longest = max((len(word) for word in head.replace(":", "").split()), default=1)
    for part in head.split(": "):
        lines += textwrap.wrap(part, min(max(width, longest), 18))[:3]
    return lines or [""]


def in_html(found: list[Section]) -> str:
    """For the page; minus signs become typographic in tables."""
    parts = []
    for section in found:
        parts.append(f"<h2>{marked_up(section.heading)}</h2>")
        parts += [f"<p>{marked_up(paragraph)}</p>" for paragraph in section.paragraphs]
        parts += [html_table(table) for table in section.tables]
        if section.items:
            listed = "".join(f"<li>{emphasise_head(item)}</li>" for item in section.items)
            inner = f"<ul>{listed}</ul>"
            if section.tables:  # the same as in the tables, for those who prefer sentences
                inner = f"<details><summary>The same in sentences</summary>{inner}</details>"
            parts.append(inner)
    return "\n".join(parts)


def emphasise_head(item: str) -> str:
    """A list item with what stands before its first colon in bold."""
    head, colon, rest = item.partition(": ")
    return f"<strong>{marked_up(head)}</strong>: {marked_up(rest)}" if colon else marked_up(item)


def minus_signs(cell: str) -> str:
    """A cell of numbers with typographic minus signs; other text as it is."""
    return re.sub(r"^-(?=\d)|(?<= to )-(?=\d)", "\u2212", cell)


def html_table(table: ReportTable, number_class: str = "n") -> str:
    """A table with a caption and headed rows, that scrolls by itself where it is too wide."""
    empty = (
        "<td></td>" if not table.head[0] else f'<th scope="col">{marked_up(table.head[0])}</th>'
    )
    head = empty + "".join(
        f'<th scope="col" class="{number_class}">{marked_up(cell)}</th>' for cell in table.head[1:]
    )
    body = "".join(
        f'<tr><th scope="row">{marked_up(row[0])}</th>'
        + "".join(
            f'<td class="{number_class}">{minus_signs(marked_up(cell))}</td>' for cell in row[1:]
        )
        + "</tr>"
        for row in table.rows
    )
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{marked_up(table.caption)}">'
        f"<table><caption>{marked_up(table.caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )
