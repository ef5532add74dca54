"""Runs of either engine, and what two of them differ in: as the exam for plug-ins has them."""

from sim.verification.comparing import (
    TOLERANCE,
    differences,
    record_of_run,
    run_agents,
    run_compiled,
    same_bits,
)

__all__ = ["TOLERANCE", "differences", "record_of_run", "run_agents", "run_compiled", "same_bits"]
