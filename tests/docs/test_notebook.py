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


PLOTS = """\
import sim
sim.run("symmetric", seed=1).plot()
---
from sim.report.figures.style import new_figure
from sim.report.figures.slide import Slides
Slides(above=new_figure("<b>", ""), below=new_figure("b", ""))
---
%matplotlib inline
sim.run("symmetric", seed=1).plot()
"""


@pytest.mark.filterwarnings("default")  # Jupyter's own
def test_plot_at_the_end_of_a_cell_is_a_picture_without_a_magic(tmp_path):
    cells = [nbformat.v4.new_code_cell(source) for source in PLOTS.split("---\n")]
    client = NotebookClient(
        nbformat.v4.new_notebook(cells=cells), timeout=SECONDS, startup_timeout=SECONDS,
        kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}},
    )  # fmt: skip
    one, several, inline = (
        [output.data for output in cell.outputs if "data" in output] for cell in client.execute().cells
    )  # fmt: skip
    for found in (one, inline):
        assert len(found) == 1
        assert found[0]["image/png"].startswith("iVBOR")
    assert len(several) == 1
    assert several[0]["text/html"].count("data:image/png;base64,iVBOR") == 2
