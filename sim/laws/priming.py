"""Talk of an issue makes it salient.  Source: section 2.6; Iyengar & Kinder 1987."""

from __future__ import annotations

from sim.compiling import law


@law
def primed(salience: float, priming: float, said: float, denied: float, denial: float) -> float:
    """Salience of an issue after the day's talk of it.

    Parameters
    ----------
    salience
        z before.
    priming
        chi, salience/effort.
    said
        Effort of own cases and attacks, of both sides.
    denied
        Effort of denials.
    denial
        How far a denial primes, as part of what an attack does, 0 to 1.
    """
    return salience + priming * (said + denial * denied)
