"""Figures, words and `report.html`, from a run folder alone."""

from __future__ import annotations

from sim.report.writing import write

__all__ = ["write"]
