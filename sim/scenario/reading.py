"""Bounded reading of YAML: from bytes to nodes with places, never further than the limits.

The events of PyYAML's own parser are used, one at a time and without recursion, so every limit
acts before anything is built. It reads the text in pieces as it needs them, and so never sees what
comes after a refusal. Its C parser is left alone: the same limits would have to be proven on a
second code base, and its messages differ. Scalars stay text (``scalars`` has the grammar).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from io import StringIO
from pathlib import Path as FilePath
from typing import Any

import yaml

from sim.errors import InputError, Problem
from sim.files import open_regular
from sim.scenario.error_texts import printable, show_text
from sim.scenario.nodes import NOWHERE, Entry, Listing, Mapping, Mark, Node, Path, Scalar

MOST_BYTES = 1 << 20
MOST_DEPTH = 32
MOST_NODES = 100_000  # keys and values
MOST_WORDS = 200_000  # the parser takes its time for words and lines more than for letters
MOST_KEPT = 1 << 17  # bytes of a text whose tree is kept: reading a scenario takes up to a second
_GAP = re.compile(r"[ \t]+|\s")
# Python makes no character or number of these: one past Unicode's end, a version without end
_IMPOSSIBLE = re.compile(r"\\U(?!000|0010)[0-9A-Fa-f]{8}|^%YAML[^\n]{20}", re.MULTILINE)
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]"
)


def read_file(path: FilePath, file: str) -> Mapping:
    """Read the scenario file at ``path``, called ``file`` in messages.

    Raises
    ------
    InputError
        Where it cannot be read, is too large, or is not one plain YAML mapping.
    """
    return read_text(file_text(path, file), file)


def file_text(path: FilePath, file: str, most: int = MOST_BYTES) -> str:
    """The text of a UTF-8 file of at most so many bytes, called ``file`` in messages.

    Raises
    ------
    InputError
        Where it cannot be read, is too large, or holds control characters.
    """
    try:
        with open_regular(path) as stream:
            raw = stream.read(most + 1)
    except FileNotFoundError:
        raise _refusal(Mark(file), "there is no such file") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise _refusal(Mark(file), f"cannot be read: {printable(reason)}") from None
    if len(raw) > most:
        size = str(path.stat().st_size)
        raise _refusal(Mark(file), f"must not be larger than {most} bytes", size)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8-sig", "replace")
        got = f"byte 0x{raw[error.start]:02x}"
        raise _refusal(_mark_after(before, file), "must be UTF-8 text", got) from None
    _refuse_controls(text, file)
    return text


def read_text(text: str, file: str) -> Mapping:
    """Read the text of a scenario file, called ``file`` in messages.

    Raises
    ------
    InputError
        Where it is not one plain YAML mapping within the limits.
    """
    return (_read_again if len(text) <= MOST_KEPT else _read_mapping)(text, file)


def _read_mapping(text: str, file: str) -> Mapping:
    root = read_node(text, file)
    if not isinstance(root, Mapping):
        found = "a list" if isinstance(root, Listing) else root.text or "nothing"
        raise _refusal(root.mark, "must be a scenario: a mapping of keys to values", found)
    return root


_read_again = lru_cache(maxsize=8)(_read_mapping)  # nobody changes a tree


def read_node(text: str, file: str) -> Node:
    """Read one YAML document of any kind; an empty one is an empty scalar.

    Raises
    ------
    InputError
        At the first place where it is no valid YAML, is past a limit of size, or holds what is
        not read here: tags, anchors, aliases, a second document.
    """
    if len(text) > MOST_BYTES:
        raise _refusal(Mark(file), f"must not be larger than {MOST_BYTES} bytes", str(len(text)))
    _refuse_controls(text, file)
    words = sum(1 for _ in _GAP.finditer(text))
    if words > MOST_WORDS:
        raise _refusal(Mark(file), f"must not hold more than {MOST_WORDS} words", str(words))
    impossible = _IMPOSSIBLE.search(text)
    if impossible:
        mark = _mark_after(text[: impossible.start()], file)
        raise _refusal(mark, "is not valid YAML: it holds an impossible number")
    builder = _Builder(file, text.count("\n") + (not text.endswith("\n")))
    for event in _events(text, file):
        builder.take(event)
    return builder.root or Scalar("", Mark(file, 1, 1))


def _refuse_controls(text: str, file: str) -> None:
    """Refuse characters that no one would see."""
    control = _CONTROL.search(text)
    if control:
        mark = _mark_after(text[: control.start()], file)
        raise _refusal(mark, "must not hold control characters", control.group())


def _events(text: str, file: str) -> Iterator[yaml.Event]:
    """The parser's events one at a time, its errors turned into refusals with a place."""
    loader = yaml.Loader(StringIO(text))  # read by events: nothing is ever constructed by it
    try:
        while loader.check_event():
            yield loader.get_event()  # type: ignore[no-untyped-call]  # so in its stubs
    except yaml.MarkedYAMLError as error:
        mark = _mark_of(error.problem_mark or error.context_mark, file)
        words = show_text(str(error.problem or error.context), 200)
        if words.startswith("mapping values"):  # as in `source: judgement: a guess`
            words += "; a text with a colon and a space in it needs quotes"
        raise _refusal(mark, f"is not valid YAML: {words}") from None
    finally:
        loader.dispose()


@dataclass
class _Open:
    """A list or mapping that is still being filled.

    ``key`` is the key of a mapping whose value has not come yet, ``repeats`` are keys met again.
    """

    mark: Mark
    is_mapping: bool
    items: list[Node] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    repeats: list[tuple[str, Mark]] = field(default_factory=list)
    key: str | None = None
    key_mark: Mark = NOWHERE

    def close(self) -> Node:
        if self.is_mapping:
            return Mapping(self.entries, self.mark, tuple(self.repeats))
        return Listing(tuple(self.items), self.mark)

    @property
    def label(self) -> str:
        return (self.key or "") if self.is_mapping else str(len(self.items))


class _Builder:
    """Takes events and refuses at the first one past a limit."""

    def __init__(self, file: str, lines: int) -> None:
        self.file, self.lines = file, lines
        self.open: list[_Open] = []
        self.root: Node | None = None
        self.nodes = 0

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.NodeEvent):
            self._node(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._place(self.open.pop().close())
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            raise self._refuse(event, "only one document may stand in a file")

    def _node(self, event: yaml.NodeEvent) -> None:
        """Take the beginning of a list or mapping, a key, or a value."""
        mark = _mark_of(event.start_mark, self.file)
        self.nodes += 1
        if self.nodes > MOST_NODES:
            where = (self.open[0].label,) if self.open else ()
            reason = f"must not hold more than {MOST_NODES} keys and values"
            got = f"{self.nodes} by line {mark.line} of {self.lines}"
            raise _refusal(mark, reason, got, where)
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            reason = "anchors and aliases (& and *) are not read; write the value out"
            raise self._refuse(event, reason)
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise self._refuse(event, "tags (!) are not read", tag)
        top = self.open[-1] if self.open else None
        if isinstance(event, yaml.ScalarEvent):
            if top and top.is_mapping and top.key is None:
                top.key, top.key_mark = event.value, mark
            else:
                self._place(Scalar(event.value, mark, event.style is not None))
            return
        if top and top.is_mapping and top.key is None:
            raise self._refuse(event, "a key must be a single word or text")
        if len(self.open) >= MOST_DEPTH:
            reason = f"must not be nested deeper than {MOST_DEPTH} levels"
            raise _refusal(mark, reason, str(len(self.open) + 1))
        self.open.append(_Open(mark, isinstance(event, yaml.MappingStartEvent)))

    def _place(self, node: Node) -> None:
        """Put a complete node where it belongs: into what is open, or at the root."""
        if not self.open:
            self.root = node
            return
        top = self.open[-1]
        if not top.is_mapping:
            top.items.append(node)
        elif top.key is not None:
            if top.key in top.entries:
                top.repeats.append((top.key, top.key_mark))
            else:
                top.entries[top.key] = Entry(top.key_mark, node)
            top.key = None

    def _refuse(self, event: yaml.Event, reason: str, got: str = "") -> InputError:
        """The refusal of an event, with the key path that leads to it."""
        path = tuple(container.label for container in self.open)[:8]
        return _refusal(_mark_of(event.start_mark, self.file), reason, got, path)


def _refusal(mark: Mark, reason: str, got: str = "", path: Path = ()) -> InputError:
    key = ".".join(show_text(part) for part in path if part)
    return InputError(Problem(key, reason, show_text(got), mark.place))


def _mark_of(where: Any, file: str) -> Mark:
    """The place of a mark of PyYAML, which may have none."""
    return Mark(file, where.line + 1, where.column + 1) if where else Mark(file)


def _mark_after(text: str, file: str) -> Mark:
    lines = text.split("\n")
    return Mark(file, len(lines), len(lines[-1]) + 1)
