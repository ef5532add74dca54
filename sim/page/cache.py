"""The latest few results by what was asked, shared by all windows and never changed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Cache(Generic[Key, Value]):
    """The values of the latest ``most`` keys that were asked for.

    A value depends on its key alone, so windows cannot meet in it. If several threads ask for one
    key at the same time, one of them computes it and the others wait.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._kept: OrderedDict[Key, Future[Value]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def holds(self, key: Any) -> bool:
        """Whether the value of a key is there, so that it costs nothing."""
        found = self._kept.get(key)
        return found is not None and found.done()

    def get(self, key: Key, compute: Callable[[Key], Value]) -> Value:
        """Return the value of a key, computed if it is not there.

        What ``compute`` raises is raised to all who wait for it, and not kept.
        """
        with self._lock:
            mine = key not in self._kept
            found = self._kept.setdefault(key, Future())
            self._kept.move_to_end(key)
            if len(self._kept) > self.most:
                self._kept.popitem(last=False)
        if mine:
            try:
                found.set_result(compute(key))
            except BaseException as error:
                with self._lock:
                    if self._kept.get(key) is found:
                        del self._kept[key]
                found.set_exception(error)
        return found.result()
