"""Sweeps: what is swept, its rows of runs, how they are run, kept and described."""
