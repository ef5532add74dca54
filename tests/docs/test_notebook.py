"""The notebook for students: every cell runs, asks before it tells, and is kept without results."""

import ast
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

PATH = Path(__file__).parents[2] / "experiments" / "first_steps.ipynb"
NOTEBOOK = nbformat.read(PATH, as_version=4)
CODE = [cell for cell in NOTEBOOK.cells if cell.cell_type == "code"]
TEXT = "\n".join(cell.source for cell in NOTEBOOK.cells if cell.cell_type == "markdown")
SECONDS = 300  # for a cell; the first may have to compile the model


def test_notebook_is_kept_without_results():
    # a student is asked to predict before the numbers are there
    nbformat.validate(NOTEBOOK)
    assert all(not cell.outputs and cell.execution_count is None for cell in CODE)


def test_each_study_is_asked_about_before_it_is_run():
    asked = 0
    for cell, before in zip(NOTEBOOK.cells[1:], NOTEBOOK.cells, strict=False):
        if cell.cell_type == "code":
            plain = cell.source.replace("%matplotlib inline\n", "")
            called = {node.func.id for node in ast.walk(ast.parse(plain))
                      if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}  # fmt: skip
            if called & {"run", "compare", "sweep"}:
                assert "**Predict.**" in before.source
                asked += 1
    assert asked == 4


def test_notebook_says_what_it_is_not_and_names_both_countries_alike():
    assert "not a forecast" in TEXT
    assert TEXT.count("India") == pytest.approx(TEXT.count("Pakistan"), abs=1)


def test_links_of_the_notebook_lead_to_files():
    for target in re.findall(r"\]\(([^)\s#]+)", TEXT):
        assert (PATH.parent / target).exists(), target


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # Jupyter's own; those of the cells are looked for below
def test_notebook_runs_from_top_to_bottom(tmp_path):
    client = NotebookClient(
        nbformat.read(PATH, as_version=4), timeout=SECONDS, startup_timeout=SECONDS, kernel_name="python3",
        resources={"metadata": {"path": str(tmp_path)}},
    )  # fmt: skip
    done = client.execute()
    outputs = [output for cell in done.cells for output in cell.get("outputs", ())]
    pictures = [output for output in outputs if "image/png" in output.get("data", {})]
    assert len(pictures) == 3
    said = [output.text for output in outputs if output.get("name") == "stderr"]
    assert not said, said  # a warning, say
