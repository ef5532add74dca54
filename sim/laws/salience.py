"""Salience of issues and limited attention.  Source: equation (1); Zaller 1992 on salience."""

from __future__ import annotations

from sim.compiling import law


@law
def relaxed_salience(salience: float, resting: float, retention: float, shock: float) -> float:
    """Salience of one issue after a day: back toward its resting value, plus today's shock. (1)"""
    moved = resting + retention * (salience - resting) + shock
    return moved if moved > 0.0 else 0.0


@law
def attention(background_share: float, limited: float) -> float:
    """Share of attention left for the conflict, in [0, 1]; 1 where ``limited`` is 0.  (1)"""
    return 1.0 - limited * background_share
