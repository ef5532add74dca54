"""Telling the user that the engine is about to be compiled, which takes a while once.

How it is compiled, and where the result is kept, is in ``sim.compiling``.
"""

from __future__ import annotations

import argparse
import os
import sys
import warnings

from sim.cli.printing import note
from sim.compiling import NOT_KEPT, cache_folder, why_not_kept

ABOUT = "half a minute to a minute"


def tell_of_compilation(args: argparse.Namespace, engine: str = "ensemble") -> None:
    """Say on stderr that the engine is compiled for this machine, where it has not been yet.

    Nothing is said where another engine runs, or a cluster, or remarks are not wanted.
    """
    warnings.filterwarnings("ignore", message=NOT_KEPT)  # for Python; here it is a note
    here = engine == "ensemble" and getattr(args, "cluster", None) is None
    if not here or args.quiet:
        return
    if os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"):
        return
    if why := why_not_kept():
        note(why)
    elif not _is_compiled():
        note(f"compiling the engine for this machine, once: {ABOUT} before the first run")


def _is_compiled() -> bool:
    """Return whether the cache holds the loop over the days, which takes nearly all of the time.

    Numba names its index files after the module, the function, its line and the Python version.
    """
    python = f"py{sys.version_info.major}{sys.version_info.minor}"
    return any(cache_folder().glob(f"*/loop._run_chunk-*.{python}*.nbi"))
