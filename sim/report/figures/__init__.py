"""One file per figure: `TITLE`, `draw(folder) -> Figure` and `caption(folder) -> str`.

A figure whose inputs are not in the folder raises `MissingInputError`; it is left out and said.
"""

from __future__ import annotations

# in the order of the report: the answer first, then how it came about
NAMES = (
    "effect", "channels", "alignment", "sympathy", "tension", "salience", "voice", "network",
    "sweep",
)  # fmt: skip
