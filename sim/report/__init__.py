"""Figures, words and `report.html`, from a run folder alone.

Nothing is simulated or estimated here; a folder written long ago can be drawn again.
"""

from __future__ import annotations

from sim.report.writing import write

__all__ = ["write"]
