from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import folders


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    return folders.SMALL_CASE


@pytest.fixture(scope="session")
def compared(tmp_path_factory: pytest.TempPathFactory, document: dict[str, Any]) -> Path:
    place = tmp_path_factory.mktemp("compared")
    scenario = folders.load(document, place)
    return folders.compare_folder(scenario, document, place / "run", "offer", "no_offer", 4)


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory, document: dict[str, Any]) -> Path:
    place = tmp_path_factory.mktemp("told")
    return folders.run_folder(folders.load(document, place), document, place / "run", "offer")


@pytest.fixture(scope="session", params=[1, 2, 3], ids=["one", "two", "three"])
def swept(
    request: pytest.FixtureRequest, compared: Path, tmp_path_factory: pytest.TempPathFactory,
    document: dict[str, Any],
) -> Path:  # fmt: skip
    place = tmp_path_factory.mktemp("swept")
    ranges = {"parity": [0.0, 0.5, 1.0], "calming": [0.0, 0.1], "goodwill": [0.0, 0.1]}
    chosen = dict(list(ranges.items())[: request.param])
    scenario = folders.load(document, place)
    return folders.sweep_folder(compared, place / "run", chosen, scenario, document)
