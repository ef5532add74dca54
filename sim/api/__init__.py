"""The Python interface: run, compare, sweep, sensitivity, discover and evaluate.

A scenario may be given as an object, as a file, or as the name of a shipped one. Results carry
pandas frames whose columns docs/columns.md describes.
"""

from sim.api.running import Run, evaluate, opened, outcomes, run
from sim.api.studies import Finding, Study, compare, discover, sensitivity, sweep

__all__ = [
    "Finding", "Run", "Study", "compare", "discover", "evaluate", "opened", "outcomes", "run",
    "sensitivity", "sweep",
]  # fmt: skip
