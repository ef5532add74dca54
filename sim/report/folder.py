"""Names of an earlier shape, until every figure has the new ones."""

from typing import Any

from sim.store.results import DAMAGED, OFFER_MEAN, MissingInputError
from sim.store.results import MarkedEvent as Event
from sim.store.results import Results as RunFolder
from sim.store.results import read_results as read

__all__ = ["DAMAGED", "OFFER_MEAN", "Event", "MissingInputError", "RunFolder", "found_key", "read"]


def found_key(tree: Any, *wanted: str) -> Any:
    """The first value under one of these keys."""
    for key in wanted:
        if hasattr(tree, "get") and tree.get(key) is not None:
            return tree[key]
    return None
