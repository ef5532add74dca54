"""What CONTRIBUTING says of names, imports and layout, read off the package's own code."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "sim").rglob("*.py"))
COMPUTED = {"sim/plugins/registry.py"}  # plug-ins are found by their names
TABLES = 60  # statements laid out by hand; there were 430 before the formatter was enforced
# Participles that do not end in -ed and have been met as names of functions
IRREGULAR = frozenset(
    [
        "told",
        "kept",
        "found",
        "drawn",
        "given",
        "seen",
        "held",
        "sent",
        "shown",
        "taken",
        "written",
        "split",
    ]
)
# Laws and hooks of plug-ins that are named by what they do to a quantity, and public names
ALLOWED = {"sim/laws", "sim/plugins"}
PUBLIC = {"passed", "set"}


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in FILES:
        yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def room(name: str) -> str:
    """The folder of a file, or the file itself where it stands at the top."""
    parts = name.split("/")
    return parts[1].removesuffix(".py")


def test_no_class_stands_twice() -> None:
    homes = defaultdict(list)
    for name, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(name)
    assert len(homes) > 100
    assert {name: files for name, files in homes.items() if len(files) > 1} == {}


def test_imports_can_be_read() -> None:
    """A computed ``import_module`` shows no tool what a file stands on."""
    found = set()
    for name, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args:
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if called == "import_module" and not isinstance(node.args[0], ast.Constant):
                    found.add(name)
    assert found == COMPUTED


def test_private_names_stay_in_their_folder() -> None:
    found = []
    for name, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sim."):
                elsewhere = node.module.split(".")[1] != room(name)  # type: ignore[union-attr]
                private = [alias.name for alias in node.names if alias.name.startswith("_")]
                found += [f"{name}: {one}" for one in private if elsewhere]
    assert found == []


def test_functions_are_verbs_or_quantities() -> None:
    functions, bare = 0, []
    for name, tree in trees():
        if any(name.startswith(place) for place in ALLOWED):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                functions += 1
                plain = node.name.strip("_")
                participle = plain in IRREGULAR or (plain.endswith("ed") and len(plain) > 4)
                if participle and "_" not in plain and plain not in PUBLIC:
                    bare.append(f"{name}: {node.name}")
    assert functions > 1000
    assert len(bare) <= 0.01 * functions, bare


def test_layout_is_the_formatters() -> None:
    by_hand = sum(path.read_text(encoding="utf-8").count("# fmt: skip") for path in FILES)
    assert 0 < by_hand <= TABLES


def test_files_say_what_they_hold_and_stay_short() -> None:
    for name, tree in trees():
        assert not tree.body or ast.get_docstring(tree), name
        documented = sum(
            len((ast.get_docstring(node) or "").splitlines())
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        )
        lines = len((ROOT / name).read_text(encoding="utf-8").splitlines())
        assert lines - documented <= 400, f"{name}: is it one thing?"
