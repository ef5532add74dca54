"""Run folders: whole files or none, honest cells, hashes of what the tables say."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.errors import InputError, MachineError, RefusedError
from sim.store import folder as folders
from sim.store import manifest, tables
from sim.store.hashing import content_hash, frame_hash

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
HOSTILE = ["=1+1", "+1+1", "-x", "@sum", "\tx", "\rx", "'quoted", "''", "a,b", 'say "x"', "two\nlines",
           "", "NA", "nan", "None", "<script>", "$x_{", "-0.17", "1e5", "true", "Zoë", "०"]  # fmt: skip


def test_folders_are_new_and_named_by_time_and_content(tmp_path: Path) -> None:
    names = [folders.create("case", "ab12cd34ef", NOW, root=tmp_path).name for _ in range(3)]
    assert names == [f"20260102T030405Z-ab12cd34{more}" for more in ("", "-2", "-3")]


@pytest.mark.parametrize(
    ("name", "part"),
    [("../x", "x"), ("/etc/x", "etc_x"), ("..", "scenario"), ("a" * 300, "a" * 60), ("a b", "a_b"),
     (".hidden", "hidden"), ("a\0b", "a_b"), ("C:\\x", "C_x"), ("Zoë", "Zo")],
)  # fmt: skip
def test_names_never_make_paths(name: str, part: str, tmp_path: Path) -> None:
    made = folders.create(name, "0" * 8, NOW, root=tmp_path)
    assert made.parent == tmp_path / part


def test_folder_asked_for_must_be_new_or_empty(tmp_path: Path) -> None:
    assert folders.create("case", "0", NOW, tmp_path / "a" / "b").is_dir()
    (tmp_path / "a" / "b" / "file").write_text("x")
    with pytest.raises(RefusedError, match="not empty"):
        folders.create("case", "0", NOW, tmp_path / "a" / "b")


def test_failed_write_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    folders.write_text(path, "old")

    def write_half() -> None:
        with folders.whole_file(path) as temporary:
            temporary.write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_half()
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["table.csv"]


def test_final_name_moves_to_a_new_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    folders.write_text(path, "old" * 1000)
    with path.open() as reader:
        folders.write_text(path, "new")
        assert reader.read() == "old" * 1000  # a file written over would have changed under it
    assert path.read_text() == "new"


def test_trouble_with_the_disk_names_the_final_path(tmp_path: Path) -> None:
    path = tmp_path / "gone" / "table.csv"
    with pytest.raises(MachineError, match=r"gone/table\.csv: No such file"):
        folders.write_text(path, "text")
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pd.DataFrame({"run_id": ["x"], "stage": "a", "error_type": "b", "message": "c",
                          "replay_command": "d"})  # fmt: skip
    path = tmp_path / "failures.csv"
    monkeypatch.setattr(Path, "with_name", lambda self, name: Path("/dev/full"))
    monkeypatch.setattr(Path, "unlink", lambda self, missing_ok=False: None)
    with pytest.raises(MachineError, match=r"failures\.csv: .*[Nn]o space left"):
        tables.write_csv(path, frame)
    with pytest.raises(MachineError, match=r"failures\.csv: .*[Nn]o space left"):
        folders.write_text(path, "text")
    assert os.listdir(tmp_path) == []


def test_killed_writer_leaves_no_final_name(tmp_path: Path) -> None:
    script = f"""
import os, signal
from pathlib import Path
from sim.store.folder import whole_file
with whole_file(Path({str(tmp_path / "table.csv")!r})) as temporary:
    temporary.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", script])
    assert done.returncode == -9
    assert not (tmp_path / "table.csv").exists()


def test_formulas_are_defused_in_text_only(tmp_path: Path) -> None:
    frame = pd.DataFrame({"key": ["=1+1", "plain"], "value": ["-0.17", "-x"], "source": ["@a", ""],
                          "where": ["+b", "'c"]})  # fmt: skip
    tables.write(tmp_path, "sources", frame)
    with (tmp_path / "sources.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["key", "value", "source", "where"],
        ["'=1+1", "-0.17", "'@a", "'+b"],
        ["plain", "'-x", "", "''c"],
    ]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
@example(HOSTILE)
def test_text_reads_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    place = tmp_path_factory.mktemp("csv")
    frame = pd.DataFrame({"key": texts, "value": texts, "source": texts, "where": texts})
    tables.write(place, "sources", frame)
    found = tables.read(place, "sources")
    assert found["key"].tolist() == texts
    assert found["value"].tolist() == texts
    assert frame_hash("sources", found) == frame_hash("sources", frame)


def summary(numbers: list[float], name: str = "x") -> pd.DataFrame:
    columns = {"scenario": name, "arm": name, "uncertainty": "chance", "metric": "lead",
               "actor": "", "toward": "", "step": range(len(numbers)), "date": "2025-01-01",
               "n": 3}  # fmt: skip
    return pd.DataFrame({**columns, **dict.fromkeys(
        ("mean", "sd", "se", "median", "q05", "q25", "q75", "q95"), numbers
    )})  # fmt: skip


@given(st.lists(st.floats(allow_infinity=True), min_size=1))
@example(
    [0.1 + 0.2, 1e-320, 1e22, -0.0, float("nan"), 2.0**53 + 1, 5e-324, 1.7976931348623157e308]
)
def test_numbers_read_back_to_the_same_bits(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[float]
) -> None:
    place = tmp_path_factory.mktemp("csv")
    frame = summary(numbers)
    tables.write(place, "summary", frame)
    found = tables.read(place, "summary")
    assert np.array_equal(found["mean"].to_numpy(), np.array(numbers), equal_nan=True)
    assert frame_hash("summary", found) == frame_hash("summary", frame)


def test_hash_ignores_order_and_sees_every_bit() -> None:
    frame = summary([0.1, 0.2, 0.3])
    same = frame.sample(frac=1.0, random_state=1)[list(reversed(frame.columns))]
    assert frame_hash("summary", same) == frame_hash("summary", frame)
    changed = frame.copy()
    changed.loc[1, "q05"] = np.nextafter(0.2, 1.0)
    assert frame_hash("summary", changed) != frame_hash("summary", frame)
    assert frame_hash("summary", pd.concat([frame, frame])) != frame_hash("summary", frame)
    renamed = frame.rename(columns={"q05": "q25", "q25": "q05"})
    renamed.loc[0, "q05"] = 0.7
    swapped = frame.copy()
    swapped.loc[0, "q25"] = 0.7
    assert frame_hash("summary", renamed) != frame_hash("summary", swapped)


def test_hash_takes_both_zeros_for_one() -> None:
    assert frame_hash("summary", summary([-0.0])) == frame_hash("summary", summary([0.0]))


def test_hash_keeps_large_seeds_apart() -> None:
    frames = [pd.DataFrame({"run_id": ["a"], "seed": pd.Series([seed], dtype="uint64")})
              for seed in (2**64 - 1, 2**64 - 2)]  # fmt: skip
    assert frame_hash("runs", frames[0]) != frame_hash("runs", frames[1])


def test_content_hash_is_of_the_tables_that_are_there(tmp_path: Path) -> None:
    tables.write(tmp_path, "summary", summary([0.5]))
    one = content_hash(tmp_path)
    (tmp_path / "report.html").write_text("<p>")
    folders.write_json(tmp_path / "manifest.json", {"started": "now"})
    assert content_hash(tmp_path) == one
    tables.write(tmp_path, "failures", pd.DataFrame(
        {"run_id": ["a"], "stage": "x", "error_type": "y", "message": "z", "replay_command": "/a"}
    ))  # fmt: skip
    two = content_hash(tmp_path)
    assert two != one
    tables.write(tmp_path, "failures", pd.DataFrame(
        {"run_id": ["a"], "stage": "x", "error_type": "y", "message": "z", "replay_command": "/b"}
    ))  # fmt: skip
    assert content_hash(tmp_path) == two  # a path of this machine is not content


def test_json_is_strict() -> None:
    document = {"a": float("nan"), "b": float("inf"), "c": np.int64(3), "d": Path("x"), "e": (1,),
                "f": np.float64(0.5), "g": True, "h": None, "i": NOW.date()}  # fmt: skip
    assert json.loads(folders.json_text(document)) == {
        "a": None, "b": None, "c": 3, "d": "x", "e": [1], "f": 0.5, "g": True, "h": None,
        "i": "2026-01-02",
    }  # fmt: skip


def test_deep_json_is_not_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[str] = []
    loads = folders.json.loads
    monkeypatch.setattr(folders.json, "loads", lambda text: given.append(text) or loads(text))
    allowed = [
        "[" * 32 + "]" * 32,
        '{"n": "' + "[{" * 40 + '\\"["}',
        "[[], []," * 16 + "1" + "]" * 16,
    ]
    for text in allowed:
        assert folders.read_json(text) == folders.read_json(text.encode()) == loads(text)
    assert len(given) == 2 * len(allowed)
    for text in ("[" * 33 + "]" * 33, "[" * 33, '{"n":' * 33, '[{"n":' * 17, "]" * 9 + "[" * 42):
        with pytest.raises(ValueError, match="deeper than 32"):
            folders.read_json(text)
    assert len(given) == 2 * len(allowed)


def test_json_of_files_and_windows_is_read_in_one_place() -> None:
    """By ``read_json``; what this process or its own workers wrote is read back by the others."""
    root = Path(folders.__file__).parents[1]
    readers = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if re.search(r"\bjson\.loads?\(|read_json as", path.read_text(encoding="utf-8"))
    }
    own = {"store/identity.py", "store/manifest.py", "benchmark/study.py", "benchmark/worker.py",
           "verification/statements/versions.py"}  # fmt: skip
    assert readers == {"store/folder.py"} | own


def test_folder_without_a_manifest_is_no_run_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a run folder"):
        manifest.demand_manifest(tmp_path)


def test_checkout_is_unknown_without_git(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest.shutil, "which", lambda _: None)
    assert manifest.checkout.__wrapped__() == {"commit": None, "dirty": None}
