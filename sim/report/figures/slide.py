"""What every figure is: a matplotlib figure that a notebook shows without being told how.

matplotlib makes notebooks show figures when its ``pyplot`` is imported or a magic is run; this
package does neither. It is loaded with matplotlib, so import it late.
"""

from __future__ import annotations

import warnings
from base64 import b64encode
from collections.abc import Callable
from html import escape
from io import BytesIO
from typing import Any

from matplotlib.figure import Figure

SHOWN = 75  # dots an inch on the screen: half of those drawn


class Slide(Figure):
    """A figure whose picture stands below the cell that ends with it, and has all of its texts."""

    settle: Callable[[Figure], None] | None = None  # what is done to it before it is saved

    def savefig(self, *args: Any, **look: Any) -> None:
        """Save as matplotlib does; what would stick out of the page is made to fit before."""
        if self.settle is not None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # of characters that the font lacks
                self.settle(self)
        super().savefig(*args, **look)

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        """Return the PNG, and how large it is shown."""
        stream = BytesIO()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of characters that the font lacks
            self.savefig(stream, format="png", dpi="figure")
        width, height = (int(SHOWN * inches) for inches in self.get_size_inches())
        return stream.getvalue(), {"width": width, "height": height}


class Slides(dict[str, Figure]):
    """Slides by name; a notebook shows them one below the other."""

    def _repr_html_(self) -> str:
        """Return the pictures as HTML that needs no file."""
        return "\n".join(_picture(name, slide) for name, slide in self.items())


def _picture(name: str, slide: Figure) -> str:
    if not isinstance(slide, Slide):
        return f"<pre>{escape(repr(slide))}</pre>"
    content, size = slide._repr_png_()
    data = b64encode(content).decode("ascii")
    return (
        f'<img alt="{escape(name)}" width="{size["width"]}" height="{size["height"]}" '
        f'src="data:image/png;base64,{data}">'
    )
