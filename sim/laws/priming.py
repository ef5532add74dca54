"""Talk of an issue makes it salient.  Source: section 2.6; Iyengar & Kinder 1987."""

from __future__ import annotations

from sim.compiling import law


@law
def primed(salience: float, priming: float, said: float, denied: float, denial: float) -> float:
    """Salience after the day's talk: ``said`` is effort of own cases and attacks, ``denied`` of
    denials, which prime by the part ``denial`` of it, whoever speaks.
    """
    return salience + priming * (said + denial * denied)
