"""`report.html`: one file that opens from disk and asks nothing of a network."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from sim.report.escaping import marked_up, plain, readable
from sim.report.layout import ReportTable, html_table, in_html
from sim.report.scenario_tables import scenario_tables
from sim.report.words import sections
from sim.store.results import MissingInputError, Results

if TYPE_CHECKING:
    from sim.report.writing import Drawn

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
MOST_ROWS = 3000  # of a long table; a page must open

STYLE = """
:root { color-scheme: light dark; --paper: #fff; --ink: #1c1c1c; --soft: #555; --line: #d4d4d4;
  --shade: #f5f5f3; --link: #1a5a96; }
@media (prefers-color-scheme: dark) { :root { --paper: #16181a; --ink: #ececec; --soft: #b4b4b4;
  --line: #43474b; --shade: #202326; --link: #8dbdea; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); line-height: 1.55;
  font: 1.06rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
header, main, footer { max-width: 60rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.5rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.4rem; margin: 2.6rem 0 .6rem; line-height: 1.25; }
h3 { font-size: 1.1rem; margin: 1.6rem 0 .4rem; }
p, li { max-width: 46rem; overflow-wrap: anywhere; }
.question { font-size: 1.2rem; }
.soft, figcaption, caption { color: var(--soft); }
a { color: var(--link); }
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; }
figure { margin: 2rem 0; }
figure img { width: 100%; height: auto; display: block; background: #fff;
  border: 1px solid var(--line); border-radius: 6px; }
figcaption { margin-top: .5rem; max-width: 46rem; }
.wide { overflow-x: auto; margin: 1rem 0 1.6rem; }
.tall .wide { max-height: 32rem; overflow: auto; }
table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: .35rem; }
th, td { text-align: left; padding: .28rem .75rem .28rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; font-weight: 400; }
thead th { border-bottom-color: var(--soft); color: var(--soft); vertical-align: bottom; }
tbody tr:first-child th, tbody tr:first-child td { font-weight: 600; }
.plain tbody tr:first-child th, .plain tbody tr:first-child td { font-weight: 400; }
.n { text-align: right; white-space: nowrap; }
thead .n { white-space: normal; }
.t { max-width: 28rem; overflow-wrap: break-word; }
summary { cursor: pointer; padding: .3rem 0; }
pre { background: var(--shade); padding: 1rem; overflow: auto; font-size: .85rem; }
code { font-size: .92em; overflow-wrap: anywhere; }
footer { color: var(--soft); padding-bottom: 3rem; margin-top: 3rem; font-size: .92rem; }
@media print { body { font-size: 10.5pt; } figure, tr { break-inside: avoid; }
  nav { display: none; } .wide, .tall .wide { overflow: visible; max-height: none; }
  h2, h3 { break-after: avoid; } header, main, footer { max-width: none; } }
"""

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
    "Both sides run the same rules with the same defaults; every difference between them is data "
    "that names its source.",
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
    "Opinion data differ in date between the two sides, so their levels at the start are less "
    "certain than any difference between arms.",
    "Statements in dispute are carried with who makes them; the model does not decide who is "
    "right.",
)


def page(results: Results, drawn: list[Drawn], left_out: list[tuple[str, str]]) -> str:
    """The whole page."""
    scenario = results.scenario
    known = (scenario.title or scenario.name) if scenario else results.manifest.get("title")
    title = plain(known or "A run of the model")
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        '<head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{marked_up(title)}</title><style>{STYLE}</style></head>",
        "<body>",
        _header(results, title),
        "<main>",
        f'<section id="results" aria-label="Results">{in_html(sections(results))}</section>',
        _figures(drawn, left_out, results.notes),
        _scenario(results),
        '<section id="limits" aria-labelledby="h-limits">'
        '<h2 id="h-limits">What the model leaves out</h2>',
        _list(LEFT_OUT),
        '</section><section id="method" aria-labelledby="h-method">'
        '<h2 id="h-method">Method in five lines</h2>',
        _list(METHOD, "ol"),
        "</section>",
        _manifest(results),
        "</main>",
        "<footer><p>A model, not a forecast.</p></footer>",
        "</body></html>",
    ]
    return "\n".join(parts) + "\n"


def _header(results: Results, title: str) -> str:
    description = results.scenario.description if results.scenario else ""
    listed = "".join(f'<li><a href="#{anchor}">{text}</a></li>' for anchor, text in LINKS)
    return (
        f"<header><h1>{marked_up(title)}</h1>"
        f'<p class="question">{marked_up(question(results))}</p>'
        + (f'<p class="soft">{marked_up(description)}</p>' if description else "")
        + f'<nav aria-label="On this page"><ul>{listed}</ul></nav></header>'
    )


def question(results: Results) -> str:
    """What the run was made to answer."""
    try:
        first, second = results.claimants
        arm = readable(results.arm)
    except MissingInputError:
        return "What does this run of the model say?"
    if results.swept:
        return (
            f"How does the effect of {arm} on where audiences stand between {first} and {second} "
            f"depend on {', '.join(results.swept)}?"
        )
    if len(results.shown) > 1:
        return (
            f"Two sides, {first} and {second}, compete for the sympathy of the same audiences. "
            f"What does {arm} change, compared with {readable(results.baseline)}?"
        )
    return f"How do {first} and {second} fare before their audiences in one run of {arm}?"


def _figures(drawn: list[Drawn], left_out: list[tuple[str, str]], notes: list[str]) -> str:
    parts = ['<section id="figures" aria-labelledby="h-figures"><h2 id="h-figures">Figures</h2>']
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
    return "\n".join([*parts, "</section>"])


def _list(items: Any, kind: str = "ul") -> str:
    return f"<{kind}>" + "".join(f"<li>{marked_up(item)}</li>" for item in items) + f"</{kind}>"


# The scenario


def _scenario(results: Results) -> str:
    parts = [
        '<section id="scenario" aria-labelledby="h-scenario">'
        '<h2 id="h-scenario">The scenario, with sources</h2>'
    ]
    tables = scenario_tables(results)
    parts += [f'<div class="plain">{html_table(table, "t")}</div>' for table in tables]
    if results.has("sources"):
        frame = results.tables["sources"]
        rows = [
            tuple(str(row[name]) for name in ("key", "value", "source", "where") if name in row)
            for row in frame.head(MOST_ROWS).to_dict("records")
        ]
        head = tuple(n for n in ("key", "value", "source", "where") if n in frame)
        caption = f"Every number of the scenario and its source ({len(frame):,} rows)"
        table = html_table(ReportTable(caption, head, rows), "t")
        parts.append(
            "<details><summary>Every number and where it comes from</summary>"
            f'<div class="plain tall">{table}</div></details>'
        )
    else:
        parts.append("<p>sources.csv is not in this folder, so no sources are listed.</p>")
    if len(tables) == 0:
        parts.append("<p>scenario.resolved.yaml is not in this folder or names nothing.</p>")
    return "\n".join([*parts, "</section>"])


def _manifest(results: Results) -> str:
    rows = []
    for key, value in results.manifest.items():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        rows.append(
            f'<tr><th scope="row">{marked_up(readable(key))}</th>'
            f"<td><code>{marked_up(text)}</code></td></tr>"
        )
    body = "<p>manifest.json is not in this folder.</p>"
    if rows:
        body = (
            '<div class="plain"><table><caption>From manifest.json</caption><tbody>'
            f"{''.join(rows)}</tbody></table></div>"
        )
    failed = ""
    if results.has("failures"):
        count = len(results.tables["failures"])
        failed = f"<p>{count:,} runs failed; failures.csv lists them and how to repeat them.</p>"
    return (
        '<section id="made" aria-labelledby="h-made"><h2 id="h-made">How it was made</h2>'
        f"{failed}{body}</section>"
    )
