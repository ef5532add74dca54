"""Estimators by their names: Morris, Sobol, PRIM. Numbers in, tables out; they know of no run."""
