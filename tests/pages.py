"""Reading figures back: what is written where, and whether it can be read."""

from __future__ import annotations

from itertools import combinations

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text


def written(figure) -> list[Text]:
    """Return every text that a reader sees, tick labels included."""
    FigureCanvasAgg(figure).draw()
    found = [*figure.texts]
    for legend in figure.legends:
        found += legend.get_texts()
    for axes in figure.axes:
        found += [*axes.texts, axes.title, axes._left_title, axes.xaxis.label, axes.yaxis.label]
        if axes.get_legend():
            found += axes.get_legend().get_texts()
        for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            low, high = sorted(limits)
            found += [
                tick.label1
                for tick in axis.get_major_ticks()
                if tick.label1.get_visible() and low <= tick.get_loc() <= high
            ]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def said(figure) -> str:
    return "\n".join(text.get_text() for text in written(figure))


def outside(figure) -> list[str]:
    """Return texts that leave the page."""
    page = figure.bbox
    boxes = [(text.get_text(), text.get_window_extent()) for text in written(figure)]
    return [
        text
        for text, box in boxes
        if box.x0 < page.x0 - 1 or box.x1 > page.x1 + 1 or box.y0 < page.y0 - 1 or box.y1 > page.y1 + 1
    ]


def colliding(figure, tolerance: float = 0.05) -> list[tuple[str, str]]:
    """Return pairs of texts that cover more than a share of the smaller one."""
    boxes = [(text.get_text(), text.get_window_extent()) for text in written(figure)]
    found = []
    for (one, a), (other, b) in combinations(boxes, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        along = min(a.y1, b.y1) - max(a.y0, b.y0)
        if (
            across > 0
            and along > 0
            and across * along > tolerance * min(a.width * a.height, b.width * b.height)
        ):
            found.append((one, other))
    return found
