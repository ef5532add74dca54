"""`report.html`: one file that opens from disk and asks nothing of a network."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from sim.report.escaping import marked_up, plain, quoted, readable
from sim.report.layout import ReportTable, html_table, in_html
from sim.report.numerals import join_words
from sim.report.scenario_tables import scenario_tables
from sim.report.words import sections
from sim.scenario.error_texts import count_of
from sim.scenario.provenance import DEFAULT
from sim.store.results import MissingInputError, Results

if TYPE_CHECKING:
    import pandas as pd

    from sim.report.writing import Drawn

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
MOST_ROWS = 3000  # of a long table; a page must open

STYLE = Path(__file__).with_name("page.css")

LINKS = (
    ("results", "Results"),
    ("figures", "Figures"),
    ("scenario", "Scenario and sources"),
    ("limits", "What is left out"),
    ("method", "Method"),
    ("made", "How it was made"),
)
METHOD = (
    "Every day each audience updates its sympathy for both sides: it is pulled back to how it "
    "judges them on what is on its mind, toward those it listens to, and by messages that "
    "compete for limited attention.",
    "Events and incidents raise tension and bring issues to mind; mediation, where both sides "
    "accept it, treats them alike, calms tension and rewards or sours the mediator's own view.",
    "Both sides have the same rules and defaults to begin with; every difference between them is "
    "data, which the scenario gives.",
    "Each pair runs both arms on the same draws of chance, so that their difference is due to "
    "the arm alone; its mean comes with a Monte Carlo interval, which says how well the runs "
    "settle the mean and nothing about the world.",
    "Two kinds of not-knowing are kept apart: chance (parameters held) and parameters (every "
    "parameter that is not fixed and every judgement drawn from its range, the same in all arms).",
)
LEFT_OUT = (
    "An audience is one mind here. A real capital is a government, a legislature, a military and "
    "a public that may lean different ways.",
    "There are two claimants only. Third powers, money, arms, trade deals and what was said in "
    "confidence are not in the model.",
    "A message is its type, issue, claim, effort and evidence; its words, its speaker's skill and "
    "the medium are not there.",
    "Most parameters and all judgements are judgement within ranges. The orders of magnitude come "
    "from published effects, which are small and from other places and times.",
    "How audiences stand at the start is judged, for each side on its own, so that levels are "
    "less certain than any difference between arms.",
    "Statements in dispute are carried with who makes them; the model does not decide who is "
    "right.",
)


def page(results: Results, drawn: list[Drawn], left_out: list[tuple[str, str]]) -> str:
    """Return the whole page: nothing in it is loaded from elsewhere, and no script runs.

    Parameters
    ----------
    results
        What the run folder says.
    drawn
        The figures, in their order.
    left_out
        Title and reason of each figure that could not be drawn.
    """
    scenario = results.scenario
    known = (scenario.title or scenario.name) if scenario else results.manifest.get("title")
    title = plain(known or "A run of the model")
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        '<head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{marked_up(title)}</title>",
        f"<style>\n{STYLE.read_text(encoding='utf-8')}</style></head>",
        "<body>",
        _header(results, title),
        "<main>",
        f'<section id="results" aria-label="Results">{in_html(sections(results))}</section>',
        _figures(drawn, left_out, results.notes),
        _scenario(results),
        _section("limits", "What the model leaves out", _list(LEFT_OUT)),
        _section("method", "Method in five lines", _list(METHOD, "ol")),
        _manifest(results),
        "</main>",
        "<footer><p>A model, not a forecast.</p></footer>",
        "</body></html>",
    ]
    return "\n".join(parts) + "\n"


def _section(anchor: str, heading: str, *parts: str) -> str:
    """Return a section of the page under its heading.

    ``anchor`` is what one of ``LINKS`` leads to. ``parts`` are HTML already.
    """
    head = (
        f'<section id="{anchor}" aria-labelledby="h-{anchor}"><h2 id="h-{anchor}">{heading}</h2>'
    )
    return "\n".join([head, *parts, "</section>"])


def _header(results: Results, title: str) -> str:
    """Return what the run is, what it was made to answer, and links to the sections."""
    description = marked_up(results.scenario.description if results.scenario else "")
    listed = "".join(f'<li><a href="#{anchor}">{text}</a></li>' for anchor, text in LINKS)
    return (
        f"<header><h1>{marked_up(title)}</h1>"
        f'<p class="question">{marked_up(question(results))}</p>'
        + (f'<p class="soft">{description}</p>' if description else "")
        + f'<nav aria-label="On this page"><ul>{listed}</ul></nav></header>'
    )


def question(results: Results) -> str:
    """What the run was made to answer, by what kind of study it is; or that it is a run."""
    try:
        first, second = results.sides
        if results.has("standings"):
            return (
                f"Two sides, {first} and {second}, each choose a strategy. Which is good against "
                "which, and by how much?"
            )
        arm = quoted(results.arm_title)
    except MissingInputError:
        return "What does this run of the model say?"
    if results.has("ranks"):
        return (
            f"Two sides, {first} and {second}, competed for the sympathy of the same audiences. "
            "Does the model order these as what they then said or did does?"
        )
    if results.swept:
        return (
            f"How does the effect of {arm} on where audiences stand between {first} and {second} "
            f"depend on {join_words(list(results.swept))}?"
        )
    if len(results.shown) > 1:
        return (
            f"Two sides, {first} and {second}, compete for the sympathy of the same audiences. "
            f"What does {arm} change, compared with {quoted(results.baseline_title)}?"
        )
    return f"How do {first} and {second} fare before their audiences in one run of {arm}?"


def _figures(drawn: list[Drawn], left_out: list[tuple[str, str]], notes: list[str]) -> str:
    """Return the pictures, inside the page itself, and what was not drawn.

    The title and the caption together are what a screen reader says of a picture. ``notes`` are
    what the folder lacks, in sentences.
    """
    parts = []
    for figure in drawn:
        data = base64.b64encode(figure.image).decode("ascii")
        alt = f"Chart: {figure.title}. {figure.caption}"
        parts.append(
            f'<figure id="figure-{figure.name}"><h3>{marked_up(figure.title)}</h3>'
            f'<img alt="{marked_up(alt)}" src="data:{figure.mime};base64,{data}" '
            'width="1920" height="1080">'
            f"<figcaption>{marked_up(figure.caption)}</figcaption></figure>"
        )
    missing = [f"{title}: {reason}." for title, reason in left_out] + notes
    if missing:
        parts += ["<h3>Not drawn, and why</h3>", _list(missing)]
    return _section("figures", "Figures", *parts)


def _list(items: Iterable[str], kind: str = "ul") -> str:
    """Return texts, which are escaped here, as a list: `ul` or `ol`."""
    return f"<{kind}>" + "".join(f"<li>{marked_up(item)}</li>" for item in items) + f"</{kind}>"


def _scenario(results: Results) -> str:
    """Return the scenario's tables, and where every number of it comes from.

    Of very many numbers the first ``MOST_ROWS``; the caption says how many there are.
    """
    tables = scenario_tables(results)
    parts = [f'<div class="plain">{html_table(table, "t")}</div>' for table in tables]
    if results.has("sources"):
        frame = results.tables["sources"]
        head = tuple(name for name in ("key", "value", "source", "where") if name in frame)
        rows = [tuple(map(str, row)) for row in frame[list(head)].head(MOST_ROWS).to_numpy()]
        caption = f"Every number of the scenario and its source ({count_of(len(frame), 'row')})"
        parts.append(f"<p>{marked_up(_sourced(frame))}</p>")
        table = html_table(ReportTable(caption, head, rows), "t")
        parts.append(
            "<details><summary>Every number and where it comes from</summary>"
            f'<div class="plain tall">{table}</div></details>'
        )
    else:
        parts.append("<p>sources.csv is not in this folder, so no sources are listed.</p>")
    if not tables:
        parts.append("<p>scenario.resolved.yaml is not in this folder or names nothing.</p>")
    return _section("scenario", "The scenario, with sources", *parts)


def _sourced(sources: pd.DataFrame) -> str:
    """Return how many of the numbers that the scenario's author wrote name a source."""
    written = sources[sources["where"] != DEFAULT].fillna({"source": ""})
    written = written[written["key"].str.contains(".", regex=False)]  # beneath: of a side or event
    named = int((written["source"] != "").sum())
    if named == len(written):
        return "Every number that the scenario's author wrote names its source."
    return (
        f"Of {count_of(len(written), 'number')} that the scenario's author wrote, {named:,} name "
        "a source."
    )


def _manifest(results: Results) -> str:
    """Return the manifest as a table, after how many runs failed."""
    parts = []
    if results.has("failures"):
        count = len(results.tables["failures"])
        parts.append(
            f"<p>{count_of(count, 'run')} failed; failures.csv has commands that repeat them.</p>"
        )
    rows = ""
    for key, value in results.manifest.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        name = marked_up(readable(key))
        rows += f'<tr><th scope="row">{name}</th><td><code>{marked_up(text)}</code></td></tr>'
    if rows:
        table = f"<table><caption>From manifest.json</caption><tbody>{rows}</tbody></table>"
        parts.append(f'<div class="plain">{table}</div>')
    else:
        parts.append("<p>manifest.json is not in this folder.</p>")
    return _section("made", "How it was made", *parts)
