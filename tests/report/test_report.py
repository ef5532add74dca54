"""The report reads only a run folder, shows what is there and says what is not."""

from __future__ import annotations

import errno
import itertools
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import folders
import numpy as np
import pandas as pd
import pytest

from sim.errors import InputError, MachineError, RefusedError
from sim.report import layout, numerals, words
from sim.report.escaping import label, marked_up, plain
from sim.report.figures import FIGURES, marks, network, saving, style, waterfall
from sim.report.scenario_tables import scenario_tables
from sim.report.writing import write_report
from sim.scenario.scenario import Scenario
from sim.store import results as results_reading
from sim.store.folder import RESOLVED
from sim.store.manifest import sha256_of
from sim.store.results import READ_TABLES, MissingInputError, Results, read_results
from sim.tables.columns import TABLES

COMPARED = {"effect", "channels", "alignment", "sympathy", "tension", "salience", "voice",
            "network"}  # fmt: skip
TOLD = COMPARED - {"effect", "channels"}
HOSTILE = {
    "Aria": "$x_{",
    "Boreas": "=1+1",
    "Broker": "<script>alert(1)</script>",
    "Port": "_hid\u202eden & \"quoted\" 'twice'",
    "Hill": "$\\frac{1}{0}$ https://example.org/a " + "long " * 20,
    "raids": "{{7*7}}%s%(x)s",
    "raid": "$$",
    "clash": "</svg><img src=x onerror=alert(2)>",
}


def drawn(folder: Path) -> dict[str, bytes]:
    run, found = read_results(folder), {}
    for name, module in FIGURES.items():
        with style.drawing():
            try:
                figure = module.draw(run)
            except MissingInputError:
                continue
            found[name] = saving.render_bytes(figure, ".svg", name, style.provenance(run))
    return found


# Figures


def test_comparison_draws_every_figure_but_the_sweep(compared: Path) -> None:
    assert set(drawn(compared)) == COMPARED


def test_run_draws_what_one_run_can_show(told: Path) -> None:
    assert set(drawn(told)) == TOLD


def test_sweep_draws_the_effect_against_its_parameters(swept: Path) -> None:
    assert set(drawn(swept)) == {"sweep"}


@pytest.fixture(scope="session")
def page(compared: Path) -> Path:
    """The page of the comparison, drawn once for all that look at it or at its figures."""
    return write_report(compared)


def test_same_folder_gives_the_same_bytes(compared: Path, page: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(compared, copy, ignore=shutil.ignore_patterns("figures", "report.html"))
    assert write_report(copy).read_bytes() == page.read_bytes()
    files = sorted(path.name for path in (copy / "figures").iterdir())
    assert len(files) == 2 * len(COMPARED)
    for name in files:
        one, other = (place / "figures" / name for place in (compared, copy))
        assert one.read_bytes() == other.read_bytes(), name


def test_pictures_are_wide_enough_for_a_slide_and_say_where_they_come_from(page: Path) -> None:
    from PIL import Image

    drawings = page.parent / "figures"
    with Image.open(drawings / "effect.png") as picture:
        width, height = picture.size
        assert width >= 1600
        assert height >= 900
        assert width * 9 == height * 16
        assert "seed: 7" in picture.info["Description"]
    svg = (drawings / "effect.svg").read_text()
    assert "commit: 0123456789" in svg
    assert not re.search(r"<dc:date>\d", svg)


@pytest.mark.parametrize("name", sorted(COMPARED))
def test_no_text_leaves_the_slide_and_labels_stay_apart(compared: Path, name: str) -> None:
    with style.drawing():
        figure = FIGURES[name].draw(read_results(compared))
        figure.canvas.draw()
        render = style.renderer(figure)
        width, height = (float(x) for x in figure.bbox.size)
        beyond = set()  # labels of ticks outside the axis: there, but never drawn
        for ax in figure.axes:
            for axis in (ax.xaxis, ax.yaxis):
                low, high = sorted(axis.get_view_interval())
                ticks = axis.get_major_ticks()
                beyond |= {id(tick.label1) for tick in ticks if not low <= tick.get_loc() <= high}
        for text in figure.findobj(match=lambda a: hasattr(a, "get_text")):
            if text.get_visible() and text.get_text().strip() and id(text) not in beyond:
                box = text.get_window_extent(render)
                assert box.x0 >= -1, text
                assert box.x1 <= width + 1, text
                assert box.y0 >= -1, text
                assert box.y1 <= height + 1, text
        for legend in figure.legends:
            strip = legend.get_window_extent(render)
            for ax in figure.axes:
                assert not strip.overlaps(ax.get_window_extent(render))


def test_event_names_do_not_touch(compared: Path) -> None:
    with style.drawing():
        figure = FIGURES["tension"].draw(read_results(compared))
        render = style.renderer(figure)
        names = [
            text for text in figure.axes[0].texts if text.get_text() in {"raid", "clash", "offer"}
        ]
        assert len(names) == 3
        boxes = [text.get_window_extent(render) for text in names]
        for i, box in enumerate(boxes):
            assert not any(box.overlaps(other) for other in boxes[i + 1 :])


def test_letters_have_a_key_with_dates(compared: Path) -> None:
    text = marks.key_text(read_results(compared), 24)
    assert "16 Apr raid" in text
    assert "26 Apr offer" in text


def test_claimants_have_colours_of_equal_strength() -> None:
    def luminance(colour: str) -> float:
        parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    contrasts = [1.05 / (luminance(colour) + 0.05) for colour in style.CLAIMANT]
    assert min(contrasts) > 4.5
    assert max(contrasts) / min(contrasts) < 1.05


def test_slide_leaves_out_the_audiences_that_count_least_and_says_so(compared: Path) -> None:
    results = read_results(compared)
    assert style.drawn_audiences(results) == (results.audiences, "")
    weights = results.importance
    kept, words = style.drawn_audiences(results, 2)
    assert kept == tuple(a for a in results.audiences if a in kept)
    others = set(results.audiences) - {*kept}
    assert min(weights[a] for a in kept) >= max(weights[a] for a in others)
    assert words == f"; the 2 of {len(results.audiences)} audiences that count most"


@pytest.mark.parametrize("name", ["alignment", "channels", "effect", "network", "sympathy"])
def test_figures_of_many_audiences_draw_the_weightiest(
    compared: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = style.drawn_audiences
    monkeypatch.setattr(style, "drawn_audiences", lambda results, most=0: whole(results, 2))
    results = read_results(compared)
    with style.drawing():
        texts = {text.get_text() for text in FIGURES[name].draw(results).findobj(match=is_text)}
    kept = whole(results, 2)[0]
    assert {*kept} <= texts
    assert not texts & (set(results.audiences) - {*kept})
    assert any("audiences that count most" in text for text in texts)


def is_text(artist: object) -> bool:
    """Whether a part of a figure is a text."""
    return hasattr(artist, "get_text")


def test_unknown_names_stand_on_a_circle_and_known_ones_on_a_map() -> None:
    known = network.positions(("Washington", "London"))
    assert known["Washington"][0] < known["London"][0]
    circle = network.positions(("a", "b", "c", "Washington"))
    assert len(set(circle.values())) == 4


def test_waterfall_closes_whatever_the_rows(tmp_path: Path) -> None:
    rows = [(f"row {i}", 0.01 * (-1) ** i * i) for i in range(30)]
    bars = waterfall.bars_to_draw(rows, 0.5)
    assert sum(value for _, value in bars) == pytest.approx(0.5, abs=1e-12)
    assert len(bars) == waterfall.MOST + 2  # the rest, and what the rows leave open
    for ending in (".svg", ".png"):
        waterfall.waterfall(rows, 0.1, 0.6, "$x_{ <script>", tmp_path / f"w{ending}")
        assert (tmp_path / f"w{ending}").stat().st_size > 1000
    waterfall.waterfall([], 0.1, 0.1, "nothing", tmp_path / "empty.svg")


# The page


class Reader(HTMLParser):
    """Collects what a browser would load, and the structure that screen readers use."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.tags: list[str] = []
        self.alts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        if tag == "img":
            self.alts.append(given.get("alt") or "")
        for name in ("src", "href", "data", "action", "poster", "srcset"):
            if name in given:
                self.loaded.append(given[name] or "")
        assert not any(name.startswith("on") for name in given)


def test_page_asks_nothing_of_a_network(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    reader = Reader()
    reader.feed(text)
    assert all(link.startswith(("data:image/", "#")) for link in reader.loaded)
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in text
    assert not re.search(r"url\(|@import|<script|<iframe|<link", text)
    assert len(text) < 4_000_000


def test_page_has_one_heading_ordered_levels_and_alternatives(page: Path) -> None:
    reader = Reader()
    text = page.read_text(encoding="utf-8")
    reader.feed(text)
    levels = [int(tag[1]) for tag in reader.tags if re.fullmatch(r"h\d", tag)]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert len(reader.alts) == len(COMPARED)
    assert all(len(alt) > 40 for alt in reader.alts)
    assert '<html lang="en">' in text
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))


@pytest.fixture
def unpainted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures are laid out as always, but no picture is made of them."""
    monkeypatch.setattr(saving, "render_bytes", lambda *_: b"<svg></svg>")


@pytest.mark.usefixtures("unpainted")
def test_page_says_what_is_missing(compared: Path, tmp_path: Path) -> None:
    for file in [path.name for path in compared.iterdir() if path.is_file()]:
        place = tmp_path / file.replace(".", "_")
        shutil.copytree(compared, place, ignore=shutil.ignore_patterns("figures", "report.html"))
        (place / file).unlink(missing_ok=True)
        text = write_report(place).read_text(encoding="utf-8")
        if file in ("scenario.resolved.yaml", "sources.csv", "manifest.json"):
            assert f"{file} is not in this folder" in text
        if file in ("channels.csv",):
            assert f"{file} is not in this folder" in text


@pytest.mark.usefixtures("unpainted")
def test_empty_and_odd_folders_still_make_a_page(compared: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "manifest.json is not in this folder" in write_report(empty).read_text()
    odd = tmp_path / "odd"
    shutil.copytree(compared, odd)
    pd.DataFrame({"metric": ["alignment"], "actor": [""], "step": [1]}).to_csv(
        odd / "comparison.csv", index=False
    )
    assert "comparison.csv lacks the columns" in write_report(odd).read_text()
    with pytest.raises(InputError):
        write_report(tmp_path / "nowhere")


READ_FILES = [
    *(TABLES[name].file for name in READ_TABLES),
    "manifest.json",
    "scenario.resolved.yaml",
]


@pytest.mark.parametrize("file", READ_FILES)
def test_damaged_file_is_an_error_that_names_it(compared: Path, tmp_path: Path, file: str) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(compared, folder, ignore=shutil.ignore_patterns("figures", "report.html"))
    (folder / file).write_bytes(b"\x00\xff{[: damaged")
    with pytest.raises(RefusedError, match=f"{re.escape(file)}: is damaged"):
        write_report(folder)
    assert not (folder / "report.html").exists()


def test_file_that_the_machine_withholds_is_an_error_that_names_it(
    compared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path, **_: object) -> pd.DataFrame:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(results_reading, "_read_table", refused)
    with pytest.raises(MachineError, match=r"summary\.csv: Permission denied"):
        read_results(compared)


def test_teams_are_told_with_who_leads_and_who_is_in_them() -> None:
    results = Results({}, {"arms": ["mediation"]}, Scenario.from_yaml("kashmir_2025"))
    teams = next(t for t in scenario_tables(results) if t.caption == "The teams abroad")
    rows = {row[0]: dict(zip(teams.head, row, strict=True)) for row in teams.rows}
    assert rows["Tharoor team"]["made up of"] == "cross party"
    assert rows["Tharoor team"]["led by"]


def test_run_folder_makes_a_page(told: Path) -> None:
    assert "What the model leaves out" in write_report(told).read_text(encoding="utf-8")


def test_sweep_folder_makes_a_page(swept: Path) -> None:
    assert "How the effect depends" in write_report(swept).read_text(encoding="utf-8")


# Names are data


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small folder whose names are not what they seem."""
    place = tmp_path_factory.mktemp("hostile")
    scenario = folders.load(folders.SMALL_CASE, place)
    folder = folders.compare_folder(
        scenario, folders.SMALL_CASE, place / "run", "offer", "no_offer", 2
    )
    document = folders.renamed(folders.SMALL_CASE, HOSTILE)
    document["title"] = "<b>bold</b>\x1b[31m"
    for path in folder.iterdir():
        if path.suffix == ".csv":
            frame = pd.read_csv(path, keep_default_na=False)
            frame.replace(HOSTILE).to_csv(path, index=False)
        elif path.suffix == ".parquet":
            pd.read_parquet(path).replace(HOSTILE).to_parquet(path)
    import yaml

    (folder / "scenario.resolved.yaml").write_text(
        yaml.safe_dump(document, sort_keys=False, allow_unicode=True), encoding="utf-8"
    )
    # no scenario that is read today has such names; one that another version wrote may
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"] = {RESOLVED: sha256_of(folder / RESOLVED)}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def test_hostile_names_are_drawn_as_text(hostile: Path) -> None:
    assert set(drawn(hostile)) == COMPARED
    with style.drawing():
        figure = FIGURES["sympathy"].draw(read_results(hostile))
        shown = [text.get_text() for text in figure.legends[0].get_texts()]
    assert shown[:2] == ["$x_{", "=1+1"]


def test_hostile_names_stay_text_on_the_page_and_in_the_terminal(hostile: Path) -> None:
    text = write_report(hostile).read_text(encoding="utf-8")
    reader = Reader()
    reader.feed(text)
    assert "script" not in reader.tags
    assert "b" not in reader.tags
    assert len(reader.alts) == len(COMPARED)  # no img of a name's making
    assert "\x1b" not in text
    assert "\u202e" not in text
    spoken = words.results_text(read_results(hostile))
    assert "<script>alert(1)</script>" in spoken
    assert "\\u202e" in spoken
    assert all(len(line) <= layout.WIDTH for line in spoken.splitlines() if "long" not in line)


def test_escaping_shows_what_is_hidden() -> None:
    assert plain("a\x00b\u202ec\nd") == "a\\x00b\\u202ec\\nd"
    joined = "\u0646\u0645\u06cc\u200c\u062e\u0648"  # a Persian word with a joiner
    assert plain(joined) == joined
    assert marked_up("<&\"'>") == "&lt;&amp;&quot;&#x27;&gt;"
    assert not label("_hidden").startswith("_")
    assert len(label("x" * 100, 10)) == 10


def test_legend_of_sympathy_says_what_was_drawn(compared: Path, tmp_path: Path) -> None:
    """With the parameters' uncertainty alone its bands are not those of chance."""
    place = tmp_path / "drawn"
    shutil.copytree(compared, place, ignore=shutil.ignore_patterns("figures", "report.html"))
    frame = pd.read_csv(place / "summary.csv", keep_default_na=False)
    frame[frame["uncertainty"] == "parameters"].to_csv(place / "summary.csv", index=False)
    for folder, words_of_bands in (
        (compared, "chance alone, 5\u201395 % of runs (offer)"),
        (place, "parameters drawn too, 5\u201395 % of runs (offer)"),
    ):
        with style.drawing():
            figure = FIGURES["sympathy"].draw(read_results(folder))
        assert figure.legends[0].get_texts()[-1].get_text() == words_of_bands


# Words


def test_words_give_levels_effect_and_spread(compared: Path) -> None:
    text = " ".join(words.results_text(read_results(compared)).split())
    assert "a model, not a forecast" in text
    assert "Monte Carlo interval of the mean" in text
    assert "Over everything we do not know" in text
    assert "Sympathy for Aria" in text
    assert "Sympathy for Boreas" in text
    assert "of pairs" in text
    frame = pd.read_csv(compared / "comparison.csv", keep_default_na=False)
    row = frame.query(
        "metric == 'alignment' and actor == 'Broker' and step == -1 and uncertainty == 'chance' "
        "and answers == 'any'"
    ).iloc[0]
    assert numerals.number(abs(float(row["mean_diff"]))) in text


def with_shares(folder: Path, place: Path, **shares: float) -> Results:
    """The same comparison with these shares in every row; without those that are NaN."""
    shutil.copytree(folder, place, ignore=shutil.ignore_patterns("figures", "report.html"))
    frame = pd.read_csv(place / "comparison.csv", keep_default_na=False).assign(**shares)
    frame.dropna(axis="columns").to_csv(place / "comparison.csv", index=False)
    return read_results(place)


def effect_texts(results: Results) -> list[str]:
    """All texts of the figure of the effect."""
    with style.drawing():
        return [text.get_text() for text in FIGURES["effect"].draw(results).axes[0].texts]


def test_equal_pairs_are_told_apart_from_lower_ones(compared: Path, tmp_path: Path) -> None:
    """2,847 of 4,000 lower, 1,127 exactly equal, 26 higher: in words, tables and the figure."""
    shares = {"share_negative": 0.71175, "share_unchanged": 0.28175, "share_positive": 0.0065}
    results = with_shares(compared, tmp_path / "ties", **shares)
    text = words.results_text(results).replace("\n", " ")
    assert "lower in 71 %, unchanged in 28 % and higher in 1 % of draws" in text
    assert re.search(r"Broker +71 % +28 % +1 %", text)
    assert "99 %" not in text
    assert {"71", "28", "1"} <= set(effect_texts(results))


def test_shares_that_never_come_are_left_out(compared: Path, tmp_path: Path) -> None:
    shares = {"share_negative": 0.9985, "share_unchanged": 0.0, "share_positive": 0.0015}
    results = with_shares(compared, tmp_path / "sure", **shares)
    text = words.results_text(results).replace("\n", " ")
    assert "lower in more than 99 % and higher in less than 1 % of draws" in text
    assert {">99", "0", "<1"} <= set(effect_texts(results))


def test_old_folder_does_not_pass_equal_pairs_for_lower_ones(
    compared: Path, tmp_path: Path
) -> None:
    """Folders of versions that did not count them say how many pairs are higher, no more."""
    shares = {"share_negative": np.nan, "share_unchanged": np.nan, "share_positive": 0.12}
    results = with_shares(compared, tmp_path / "old", **shares)
    text = words.results_text(results).replace("\n", " ")
    assert "lower or unchanged in 88 % and higher in 12 % of draws" in text
    assert "12" in effect_texts(results)
    assert "88" not in effect_texts(results)


def test_shares_as_shown_add_up_and_are_never_rounded_to_certainty() -> None:
    assert numerals.percents([0.7075, 0.2775, 0.015]) == ["71", "28", "1"]
    assert numerals.percents([1 / 3, 1 / 3, 1 / 3]) == ["34", "33", "33"]
    assert numerals.percents([0.29, 0.57, 0.14]) == ["29", "57", "14"]
    assert numerals.percents([0.0, 1.0, 0.0]) == ["0", "100", "0"]
    assert numerals.percents([0.0004, 0.9996]) == ["less than 1", "more than 99"]


def exchanged(folder: Path, place: Path) -> Path:
    """The same results with the two claimants' places in the file exchanged."""
    import yaml

    shutil.copytree(folder, place, ignore=shutil.ignore_patterns("figures", "report.html"))
    document = yaml.safe_load((place / "scenario.resolved.yaml").read_text())
    document["claimants"].reverse()
    (place / "scenario.resolved.yaml").write_text(yaml.safe_dump(document, sort_keys=False))
    signed = ["mean_diff", "mc_low", "mc_high", "q05", "q25", "median", "q75", "q95", "mean"]
    other = {"mc_low": "mc_high", "mc_high": "mc_low", "q05": "q95", "q95": "q05", "q25": "q75",
             "q75": "q25"}  # fmt: skip
    for name in ("comparison.csv", "summary.csv", "channels.csv"):
        frame = pd.read_csv(place / name, keep_default_na=False)
        at = frame["metric"].isin(["alignment", "lead"]).to_numpy()
        flipped = frame.copy()
        for column in signed:
            if column in frame:
                source = other.get(column, column)
                flipped[column] = np.where(at, -frame[source], frame[column])
        if "share_positive" in frame:
            for one, its_other in (("positive", "negative"), ("negative", "positive")):
                own, mirrored = frame[f"share_{one}"], frame[f"share_{its_other}"]
                flipped[f"share_{one}"] = np.where(at, mirrored, own)
        if "answers" in frame:
            flipped["answers"] = frame["answers"].replace({"first": "second", "second": "first"})
        flipped.to_csv(place / name, index=False)
    return place


def test_words_are_the_same_when_the_claimants_change_places(
    compared: Path, tmp_path: Path
) -> None:
    here, there = (
        words.comparison_sections(read_results(folder))
        for folder in (compared, exchanged(compared, tmp_path / "x"))
    )

    def mirrored(text: str) -> str:
        """A sentence with names, directions and signs exchanged, its parts in no order."""
        swap = {"Aria": "Boreas", "Boreas": "Aria", "higher": "lower", "lower": "higher"}
        return re.sub(r"Aria|Boreas|higher|lower", lambda m: swap[m.group()], text)

    def kinds(text: str) -> list[str]:
        return sorted(re.sub(r"-?\d[\d.,]*", "#", text).replace(";", ".").split(". "))

    same = 0
    for one, other in zip(here, there, strict=True):
        assert one.heading == other.heading
        assert len(one.items) == len(other.items)
        for item, twin in zip(one.items, other.items, strict=True):
            # what is said about the first is said about the second in the same words
            assert sorted(mirrored(item).split()[:4]) == sorted(twin.split()[:4])
            toward = re.search(r"toward (\w+),", item)
            twin_toward = re.search(r"toward (\w+),", twin)
            assert (toward and toward.group(1)) == (twin_toward and twin_toward.group(1))
            shape = re.sub(r"Aria|Boreas", "X", re.sub(r"higher|lower", "Y", item))
            twin_shape = re.sub(r"Aria|Boreas", "X", re.sub(r"higher|lower", "Y", twin))
            assert kinds(shape) == kinds(twin_shape)
            same += 1
    assert same == 3


def test_sympathy_columns_change_places_with_the_claimants(compared: Path, tmp_path: Path) -> None:
    here, there = read_results(compared), read_results(exchanged(compared, tmp_path / "y"))
    from sim.report.effects import effects

    for one, other in zip(effects(here), effects(there), strict=True):
        assert one.sympathies == other.sympathies[::-1]
        assert one.main is not None
        assert other.main is not None
        assert one.main.mean == -other.main.mean


def test_shares_are_never_rounded_to_certainty() -> None:
    assert numerals.percent(0.0).startswith("0")
    assert numerals.percent(1.0).startswith("100")
    assert "less than" in numerals.percent(0.001)
    assert "more than" in numerals.percent(0.999)


def test_worth_of_a_pair_follows_the_variance_it_removes() -> None:
    assert words.worth(0.9) == pytest.approx(10.0)
    assert words.worth(-1.0) == pytest.approx(0.5)  # pairs that add variance are worth less
    assert np.isnan(words.worth(1.0))
    assert np.isnan(words.worth(float("nan")))
