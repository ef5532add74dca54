"""Pictures of every view of the page, as README and docs/page.md show them.

    python -m tests.page.pictures [FOLDER]

writes them into docs/pictures, or another folder. Look at each of them before it is committed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from tests.page.browser import SIZE, opened, settled, started
from tests.page.conftest import Served

COLOURS = 256  # which makes the files half as large
PHONE = {"width": 390, "height": 844}
DAY = 40  # 22 May 2025: teams travel, an offer stands
VISITED = 6  # Ottawa


def main(folder: Path) -> None:
    """Take every picture."""
    folder.mkdir(parents=True, exist_ok=True)
    page = Served(Path("kashmir_2025"))
    try:
        with started() as browser:
            for name, words, size, act in PICTURES:
                window = opened(browser, page.address + words)
                window.set_viewport_size(size)
                settled(window)
                act(window)
                settled(window)
                window.mouse.move(0, 0)
                place = folder / f"{name}.png"
                window.screenshot(path=place)
                drawn = Image.open(place).convert("RGB")
                drawn.quantize(COLOURS, Image.Quantize.MAXCOVERAGE).save(place, optimize=True)
                for error in window.errors:
                    print(f"{name}: {error}", file=sys.stderr)
                window.context.close()
                print(place)
    finally:
        page.end()


def nothing(window: Any) -> None:
    """Show it as it opens."""


def knock_out(window: Any) -> None:
    """Leave out an event of the week."""
    window.locator("#why-part").select_option("event:strikes")


def predict(window: Any) -> None:
    """Draw the first curve of the lesson, to be locked."""
    forward(window)
    sheet = window.locator(".sketch").bounding_box()
    points = [(0.1, 0.62), (0.2, 0.6), (0.3, 0.2), (0.5, 0.3), (0.75, 0.38), (0.98, 0.42)]
    window.mouse.move(
        sheet["x"] + points[0][0] * sheet["width"], sheet["y"] + points[0][1] * sheet["height"]
    )
    window.mouse.down()
    for x, y in points[1:]:
        window.mouse.move(
            sheet["x"] + x * sheet["width"], sheet["y"] + y * sheet["height"], steps=10
        )
    window.mouse.up()


def reveal(window: Any) -> None:
    """Go on to what the model says of the curve."""
    predict(window)
    forward(window)
    window.locator("input[type=range]:visible").last.press("ArrowRight")
    forward(window)
    window.locator(".revealed").wait_for()


def debrief(window: Any) -> None:
    """The page for the lecturer, its shares computed."""
    window.get_by_role("button", name="For the lecturer: How long does a visit last?").click()
    window.locator(".statements").wait_for()


def forward(window: Any) -> None:
    """The next step of a lesson."""
    window.locator("#next").click()
    settled(window)


Act = Callable[[Any], None]
LESSON = "#view=lessons&lesson=a_visit_fades&step=question"
PICTURES: tuple[tuple[str, str, dict[str, int], Act], ...] = (
    ("timelines", f"#day={DAY}&place=1", SIZE, nothing),
    ("timelines-unknown", f"#day={DAY}&place=1&uncertainty=parameters", SIZE, nothing),
    ("timelines-dark", f"#day={DAY}&place=1&quantity=sympathy&look=dark", SIZE, nothing),
    ("timelines-projector", f"#day={DAY}&look=projector&levers=false&values=false", SIZE, nothing),
    ("timelines-phone", f"#day={DAY}&place=1", PHONE, nothing),
    ("stage", f"#view=stage&day={DAY}", SIZE, nothing),
    ("stage-projector", f"#view=stage&day={DAY}&look=projector&levers=false", SIZE, nothing),
    ("why", f"#view=why&day=30&place={VISITED}", SIZE, nothing),
    ("why-knockout", f"#view=why&day=30&place={VISITED}", SIZE, knock_out),
    ("lessons", "#view=lessons", SIZE, nothing),
    ("lesson-predict", LESSON, SIZE, predict),
    ("lesson-reveal", LESSON, SIZE, reveal),
    ("lesson-debrief", "#view=lessons", SIZE, debrief),
    ("home", "#view=home", SIZE, nothing),
)  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/pictures"))
