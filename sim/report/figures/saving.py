"""Figures as files: SVG and PNG with provenance inside, the same bytes every time."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from sim.report.escaping import plain
from sim.store.folder import whole_file

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MAKER = "narrative-diplomacy"


def render_bytes(figure: Figure, ending: str, title: str, facts: Mapping[str, str]) -> bytes:
    """Return the bytes of an SVG or PNG; no date, no random ids.

    Parameters
    ----------
    ending
        `.svg` or `.png`.
    title
        For the file's metadata; it is not drawn.
    facts
        Provenance by name, for the file's description.
    """
    about = "; ".join(f"{name}: {plain(value)}" for name, value in facts.items())
    metadata: dict[str, str | None] = {"Title": plain(title), "Description": about}
    if ending == ".svg":
        metadata |= {"Creator": MAKER, "Date": None}
    else:
        metadata["Software"] = MAKER
    stream = BytesIO()
    figure.savefig(stream, format=ending.removeprefix("."), metadata=metadata)
    return stream.getvalue()


def save(figure: Figure, path: Path, title: str, facts: Mapping[str, str]) -> bytes:
    """Write a figure whole or not at all, by the ending of its name; returns its bytes."""
    content = render_bytes(figure, path.suffix.lower(), title, facts)
    with whole_file(path) as temporary:
        temporary.write_bytes(content)
    return content
