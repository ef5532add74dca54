"""Runs of either engine, and what two of them differ in: as the exam for plug-ins has them."""

from sim.verification.comparing import TOLERANCE, counted, differences, one_of, same_bits, told

__all__ = ["TOLERANCE", "counted", "differences", "one_of", "same_bits", "told"]
