"""The pages hang together: links lead somewhere, and the README keeps its promises."""

import re
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md"),
     ROOT / "scenarios" / "README.md",
     *(ROOT / "results" / "showcase").rglob("*.md")]
)  # fmt: skip
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWCASE_LIMIT = 3_000_000  # bytes


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """The anchors that headings get: lower case, no punctuation, hyphens for spaces."""
    found = set()
    for heading in re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE):
        plain = re.sub(r"[^\w\- ]", "", heading.lower())
        found.add(plain.replace(" ", "-"))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_to_files_and_headings(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(page.read_text(encoding="utf-8"))):
        if target.startswith(("https://", "mailto:")):
            continue
        name, _, heading = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.exists(), f"{page.name}: {target}"
        if heading and file.suffix == ".md":
            assert heading in anchors(file), f"{page.name}: {target}"


def test_readme_says_what_the_model_is_not():
    assert "not a forecast" in README


def test_readme_names_verbs_that_exist():
    from sim.cli.main import VERBS

    used = set(re.findall(r"^narrate ([a-z]+)", README, flags=re.MULTILINE))
    assert used
    assert used <= set(VERBS)


def test_readme_names_make_targets_that_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    assert set(re.findall(r"^make ([a-z]+)", README, flags=re.MULTILINE)) <= targets


def test_showcase_is_small():
    files = [file for file in (ROOT / "results" / "showcase").rglob("*") if file.is_file()]
    assert files
    assert sum(file.stat().st_size for file in files) < SHOWCASE_LIMIT


def test_docs_index_lists_every_page():
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    for page in (ROOT / "docs").glob("*.md"):
        assert page.name == "README.md" or f"({page.name})" in index


def commands(page: Path) -> list[str]:
    """The lines of the page's sh blocks that call narrate."""
    blocks = re.findall(r"^```sh\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines() if line.startswith("narrate ")]


@pytest.mark.parametrize(
    "line", sorted({line for page in PAGES for line in commands(page)}), ids=lambda s: s
)
def test_commands_are_understood(line):
    from sim.cli.main import parse_words

    args = parse_words(shlex.split(line)[1:])
    if args.verb in ("run", "compare", "sweep", "explain", "show") and "--plugin" not in line:
        from sim.cli.options import check_arms, read_scenario

        if args.scenario not in ("mine.yaml", "river.yaml"):  # which `narrate init` writes
            scenario = read_scenario_of(args, read_scenario)
            check_arms(scenario, [arm for arm in [getattr(args, "arm", "")] if arm], "--arm")
            check_arms(scenario, getattr(args, "arms", None) or [])


def read_scenario_of(args, read):
    """The scenario of a verb's arguments, whatever options the verb has."""
    args.steps = getattr(args, "steps", None)
    args.assignments = getattr(args, "assignments", [])
    return read(args)
