"""No file of the repository names a place on somebody's machine."""

import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
# joined, so that this file does not name them
PLACES = re.compile(
    "|".join([
        r"(?<![\w.])/" + r"(?:root|work|home|Users)" + r"/\w",
        r"[A-Za-z]:\\\\?" + r"Users",
        "file:" + "//" + r"/\w",
        "pyenv" + "/versions/[0-9]",
    ])
)  # fmt: skip
TEXT = {".py", ".md", ".toml", ".yaml", ".yml", ".json", ".csv", ".svg", ".html", ".cff", ".txt"}


def files():
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        listed = subprocess.run(
            [git, "-C", ROOT, "ls-files", "-z"], capture_output=True, text=True, check=True
        ).stdout.split("\0")
        paths = [ROOT / name for name in listed if name]
    else:
        paths = [path for path in ROOT.rglob("*") if ".venv" not in str(path)]
    return [path for path in paths if path.is_file()]


def test_no_file_names_a_place_on_a_machine():
    found, read = [], 0
    for path in files():
        if path.suffix in TEXT or not path.suffix:
            read += 1
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                if PLACES.search(line):
                    found.append(f"{path.relative_to(ROOT)}:{number}: {line[:120]}")
    assert read > 100
    assert not found


def test_pattern_knows_such_places_and_no_others():
    for user in ("root", "home", "work", "Users"):
        assert PLACES.search(f"see /{user}" + "/someone/x.py")
    assert not PLACES.search("seeds/events.csv#x, results/work/home/, https://a.org/home/x")
