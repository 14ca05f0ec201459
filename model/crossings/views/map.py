"""The corridor on a map: legs as wide as the flow on them, launch sites as large as their attempts.

Two panels: the ways to the coast, and the coast itself. Everything is a sum over a season, or over a
week in the animation, by place; nothing finer exists here. Land is the ``coastline.geojson`` of the
corridor (Natural Earth, public domain), which is read and never fetched; a corridor without one is
drawn without land.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import patheffects
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.transforms import Bbox
from PIL import Image

from crossings import corridors
from crossings.corridors import Corridor, Leg, Place
from crossings.corridors.clip import COASTAL, FILE, SOURCE
from crossings.corridors.loading import HEAD
from crossings.errors import InputError
from crossings.outcomes.summary import Floats
from crossings.views.flows import Counts, Flows, count
from crossings.views.sheet import Made, Panels, drawn, number
from crossings.views.style import COLOURS, FAINT, INK, PaperFigure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crossings.outcomes.result import Result

Box = tuple[float, float, float, float]
"""West, south, east, north, in degrees."""

Progress = Callable[[int, int], None]

_LAND, _SEA, _SHORE = "#E9E6DF", "#F7FAFC", "#A9A59B"
_MODES = {"land": COLOURS[0], "air": COLOURS[3], "sea": COLOURS[2], "boat": COLOURS[1], "lorry": COLOURS[5]}
_CALLED = {
    "land": "over land",
    "air": "by air",
    "sea": "by sea",
    "boat": "by small boat",
    "lorry": "by lorry",
}
"""Modes that are drawn; transfers within the state's hands are not a way that people choose."""

_WIDEST, _LARGEST = 5.0, 420.0  # points of a line, square points of a circle
_INCHES, _BETWEEN = 3.45, 0.1  # height of each panel, and between them
_DISTANCES = (4.0, 9.0, 16.0, 24.0, 34.0)  # points from a place to its name
_ANGLES = tuple(np.radians(angle) for angle in (0, 180, 90, 270, 35, 145, 325, 215))
_SITE = 7.0  # points kept free around a site, whose circle may be as large
_FIRST = ("landing", "hub", "site", "camp", "entry", "origin")
"""Kinds in the order in which their places are named: the first have the choice."""
_SLACK = 2.0  # square pixels that a name may cover of another
_GIF_DPI = 100
_FRAME_MS = 250
_HALO = [patheffects.withStroke(linewidth=2.2, foreground="white", alpha=0.85)]


def draw(result: Result) -> Panels:
    """Draw the map of a season.

    Parameters
    ----------
    result
        A run that recorded life lines (``events=True``).

    Returns
    -------
    Panels
        The ways to the coast; the coast.

    Raises
    ------
    InputError
        If the run did not record life lines.
    """
    flows = count(result)
    said = (
        f"People between {result.start} and {result.end}. Lines are as wide as the number who took the leg, "
        f"circles as large as the person-attempts from that stretch of coast. {_toll(flows)}."
    )
    with _sheet(f"The corridor under {result.name}", said, result) as (_, panels):
        scales = _scales(flows.people.sum(axis=1), flows.attempts.sum(axis=1), flows)
        for drawing in _drawings(panels, flows, scales, bare=_bare(result)):
            drawing.show(flows.people.sum(axis=1), flows.attempts.sum(axis=1))
    return Panels(panels)


def animate(result: Result, path: str | os.PathLike[str], progress: Progress | None = None) -> Path:
    """Write the season as an animation, a frame for each week.

    Parameters
    ----------
    result
        A run that recorded life lines (``events=True``).
    path
        File to write; its name ends in ``.gif``.
    progress
        Called after every frame with the frames done and the frames in all.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If the run did not record life lines, or the name ends otherwise.
    """
    target = Path(path)
    if target.suffix.lower() != ".gif":
        raise InputError(f"animation '{target}': expected a name that ends in .gif")
    flows = count(result)
    said = (
        "Week by week: lines are as wide as the number of people who took the leg, circles as large as the "
        "person-attempts from that stretch of coast."
    )
    with _sheet(f"The corridor under {result.name}, week by week", said, result) as (figure, panels):
        scales = _scales(flows.people.max(axis=1), flows.attempts.max(axis=1), flows)
        drawings = _drawings(panels, flows, scales, bare=_bare(result))
        stamp = panels[1].text(
            0.985, 0.96, "", transform=panels[1].transAxes, fontweight="bold", ha="right", va="top", zorder=9,
            linespacing=1.4, bbox={"facecolor": "white", "alpha": 0.9, "edgecolor": "none", "pad": 2.5},
        )  # fmt: skip
        frames, palette = [], _palette()
        for week in range(len(flows.starts)):
            for drawing in drawings:
                drawing.show(flows.people[:, week], flows.attempts[:, week])
            stamp.set_text(_of_week(flows, week))
            frames.append(_picture(figure, palette))
            if progress is not None:
                progress(week + 1, len(flows.starts))
    comment = "; ".join(f"{name}: {text}" for name, text in figure.about.items())
    frames[0].save(
        target, save_all=True, append_images=frames[1:], duration=_FRAME_MS, loop=0,
        comment=comment.encode("ascii", "replace"),
    )  # fmt: skip
    return target


def coastline(corridor: str | Path) -> dict[str, list[Floats]]:
    """Return outlines of land as (longitude, latitude), by feature: ``coast`` fine and ``land`` coarse.

    A corridor that extends another and takes its places from it has the other's land, too.

    Parameters
    ----------
    corridor
        Name of a shipped corridor, or path of a folder; one without a coastline gives no outlines.

    Raises
    ------
    InputError
        If the file is there and is not GeoJSON of land.
    """
    shipped = Path(corridors.__file__).parent
    folder = shipped / str(corridor) if str(corridor) in corridors.shipped() else Path(corridor)
    path = folder / FILE
    if not path.is_file() and not (folder / "places.csv").is_file():
        path = shipped / _extended(folder) / FILE
    if not path.is_file():
        return {}
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return {
            feature["properties"]["name"]: [
                np.asarray(polygon[0], dtype=np.float64) for polygon in feature["geometry"]["coordinates"]
            ]
            for feature in features
        }
    except (ValueError, KeyError, IndexError, TypeError):
        raise InputError(
            f"{path}: expected GeoJSON as 'python -m crossings.corridors.clip' writes it"
        ) from None


def _extended(folder: Path) -> str:
    """Return the name of the shipped corridor that one takes its other tables from, or none."""
    head = folder / HEAD
    name = tomllib.loads(head.read_text(encoding="utf-8")).get("extends") if head.is_file() else None
    return name if name in corridors.shipped() else ""


@dataclass(frozen=True)
class _Scales:
    """Numbers drawn as the widest line of each panel and the largest circle."""

    ways: float
    coast: float
    attempts: float


@contextmanager
def _sheet(title: str, said: str, result: Result) -> Iterator[tuple[PaperFigure, list[Axes]]]:
    """Give a sheet with the two panels, land drawn."""
    where = result.scenario.get("corridor", "channel")
    corridor = corridors.load(where)
    outlines = coastline(where)
    ways, coast = (_places(corridor, coastal, bare=not outlines) for coastal in (False, True))
    notes = f"Land: {SOURCE}." if outlines else "No coastline in this corridor."
    with drawn(title, said, Made.by(result), 2 * _INCHES + _BETWEEN + 0.02, notes) as figure:
        tall, wide = figure.get_figheight(), 0.955 * figure.get_figwidth()
        panels = []
        for row, (shown, feature, margin) in enumerate(((ways, "land", 2.5), (coast, "coast", 0.2))):
            top = figure.room[1] - (row * (_INCHES + _BETWEEN)) / tall
            axes = figure.add_axes((0.02, top - _INCHES / tall, 0.955, _INCHES / tall))
            west, south, east, north = _box(shown, margin, _INCHES / wide)
            axes.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[], facecolor=_SEA)
            axes.grid(False)
            land = PolyCollection(
                outlines.get(feature, []), facecolor=_LAND, edgecolor=_SHORE, linewidth=0.5, zorder=1
            )
            axes.add_collection(land, autolim=False)
            panels.append(axes)
        yield figure, panels


def _box(places: Sequence[Place], margin: float, tall: float) -> Box:
    """Return the rectangle around some places that fills a panel, its height `tall` times its width.

    A degree of longitude is drawn as long as it is at the middle latitude.
    """
    west, east = (f(place.longitude for place in places) for f in (min, max))
    south, north = (f(place.latitude for place in places) for f in (min, max))
    x, y = (west + east) / 2, (south + north) / 2
    squeeze = np.cos(np.radians(y))
    across = max((east - west) * squeeze + 2 * margin, (north - south + 2 * margin) / tall)
    return x - across / squeeze / 2, y - across * tall / 2, x + across / squeeze / 2, y + across * tall / 2


class _Drawing:
    """One panel: what stays, and legs and circles that show any counts."""

    def __init__(self, axes: Axes, flows: Flows, widest: float, largest: float, coastal: bool) -> None:
        self.widest, self.largest = widest, largest
        self.shown = _legs_shown(flows, coastal)
        legs = [flows.corridor.legs[n] for n in self.shown]
        at = {place.name: (place.longitude, place.latitude) for place in flows.corridor.places}
        self.lines = LineCollection(
            [_path(leg, at) for leg in legs], colors=[_MODES[leg.mode] for leg in legs], alpha=0.7,
            capstyle="round", zorder=3,
        )  # fmt: skip
        axes.add_collection(self.lines, autolim=False)
        sites = np.array([at[name] for name in flows.sites]) if coastal else np.zeros((0, 2))
        self.circles = axes.scatter(
            sites[:, 0], sites[:, 1], s=0, color=COLOURS[1], edgecolor="white", linewidth=0.7, zorder=5
        )
        self.coastal = coastal

    def show(self, people: Counts, attempts: Counts) -> None:
        """Show people by leg and person-attempts by site."""
        self.lines.set_linewidth((_WIDEST * people[self.shown] / self.widest).tolist())
        if self.coastal:
            self.circles.set_sizes(_LARGEST * attempts / self.largest)


def _drawings(panels: Sequence[Axes], flows: Flows, scales: _Scales, *, bare: bool) -> list[_Drawing]:
    """Set up both panels: lines and circles without a size yet, places with their names, legends."""
    made = []
    for axes, widest, coastal in zip(panels, (scales.ways, scales.coast), (False, True), strict=True):
        made.append(_Drawing(axes, flows, widest, scales.attempts, coastal))
        handles = _legend(flows, made[-1], widest, scales.attempts if coastal else None)
        axes.legend(
            handles=handles, loc="lower right" if coastal else "lower left", fontsize=7, frameon=True,
            framealpha=0.9, edgecolor="none", handlelength=2.2, borderpad=0.5,
            labelspacing=0.7 if coastal else 0.4,
        ).set_zorder(8)  # fmt: skip
        _name_places(axes, _places(flows.corridor, coastal, bare))
    return made


def _bare(result: Result) -> bool:
    return not coastline(result.scenario.get("corridor", "channel"))


def _places(corridor: Corridor, coastal: bool, bare: bool) -> list[Place]:
    """Return the places of a panel: of the coast, or of the ways there.

    On a bare map, where no land says where a way leads to, its end at the coast is among its places.
    """
    at = {place.name: place for place in corridor.places}
    ends = {
        place.name
        for leg in corridor.legs
        if not coastal and bare and leg.mode in _MODES
        for place, other in ((at[leg.start], at[leg.end]), (at[leg.end], at[leg.start]))
        if place.kind in COASTAL and other.kind not in ("state", *COASTAL)
    }
    return [
        place
        for place in corridor.places
        if place.kind != "state" and ((place.kind in COASTAL) == coastal or place.name in ends)
    ]


def _legs_shown(flows: Flows, coastal: bool) -> list[int]:
    """Return the legs of a panel: on the coast those between its places, else those that lead there."""
    kinds = {place.name: place.kind for place in flows.corridor.places}
    return [
        number_
        for number_, (start, end, mode) in enumerate(flows.legs)
        if mode in _MODES and (kinds[start] in COASTAL and kinds[end] in COASTAL) == coastal
        and "state" not in (kinds[start], kinds[end])
    ]  # fmt: skip


def _path(leg: Leg, at: dict[str, tuple[float, float]]) -> list[tuple[float, float]]:
    between = [(longitude, latitude) for latitude, longitude in leg.geometry]
    return [at[leg.start], *between, at[leg.end]]


def _scales(people: Counts, attempts: Counts, flows: Flows) -> _Scales:
    """Return round numbers that are at least the largest count of each panel."""
    most = [people[_legs_shown(flows, coastal)].max(initial=1) for coastal in (False, True)]
    return _Scales(_round_up(most[0]), _round_up(most[1]), _round_up(attempts.max(initial=1)))


def _round_up(count_: float) -> float:
    step = 10.0 ** np.floor(np.log10(max(count_, 1.0)))
    return float(next(m * step for m in (1, 2, 5, 10) if m * step >= count_))


def _legend(flows: Flows, drawing: _Drawing, widest: float, largest: float | None) -> list[Line2D]:
    used = {flows.legs[n][2] for n in drawing.shown}
    handles = [
        Line2D([], [], color=colour, alpha=0.7, linewidth=2.5, label=_CALLED[mode])
        for mode, colour in _MODES.items()
        if mode in used
    ]
    handles.append(
        Line2D([], [], color=FAINT, linewidth=_WIDEST / 2, label=f"{number(widest / 2)} people on a leg")
    )
    if largest is not None:
        size = float(np.sqrt(_LARGEST / 4))
        handles.append(
            Line2D(
                [],
                [],
                linestyle="none",
                marker="o",
                color=COLOURS[1],
                markeredgecolor="white",
                markersize=size,
                label=f"{number(largest / 4)} person-attempts",
            )
        )
    return handles


def _name_places(axes: Axes, places: Sequence[Place]) -> None:
    """Mark and name places, each name at the nearest spot where it covers no other name or place."""
    figure = axes.get_figure()
    assert isinstance(figure, PaperFigure)
    renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call] # matplotlib
    point = figure.dpi / 72  # pixels
    legend = axes.get_legend()
    taken = [legend.get_window_extent(renderer)] if legend else []
    for place in places:
        x, y = axes.transData.transform((place.longitude, place.latitude))
        half = point * (_SITE if place.kind == "site" else 2.0)
        taken.append(Bbox.from_extents(x - half, y - half, x + half, y + half))
    for place in sorted(places, key=lambda each: _FIRST.index(each.kind)):
        if place.kind != "site":
            axes.plot(
                [place.longitude], [place.latitude], marker="s" if place.kind == "landing" else "o",
                markersize=3.4, color=INK, markeredgecolor="white", markeredgewidth=0.5, zorder=6,
            )  # fmt: skip
        taken.append(_name(axes, place, taken, renderer))


def _name(axes: Axes, place: Place, taken: Sequence[Bbox], renderer: Any) -> Bbox:
    """Write the name of a place where there is room; return the room it takes."""
    text = axes.annotate(
        place.name, (place.longitude, place.latitude), xytext=(0, 0), textcoords="offset points", color=INK,
        fontsize=6.8, path_effects=_HALO, zorder=7, style="italic" if place.kind == "site" else "normal",
    )  # fmt: skip
    page = axes.get_window_extent(renderer)

    def covered(spot: tuple[float, float]) -> float:
        _put(text, spot)
        room = text.get_window_extent(renderer)
        return sum(_overlap(room, other) for other in taken) + _area(room) - _overlap(room, page)

    near = _SITE + 1.0 if place.kind == "site" else 0.0
    spots = [
        ((near + d) * np.cos(angle), (near + d) * np.sin(angle)) for d in _DISTANCES for angle in _ANGLES
    ]
    spot = next((spot for spot in spots if covered(spot) <= _SLACK), None) or min(spots, key=covered)
    _put(text, spot)
    if np.hypot(*spot) > near + _DISTANCES[1]:  # so far off that a line must say whose name it is
        start = axes.transData.transform((place.longitude, place.latitude))
        end = axes.transData.inverted().transform(start + 0.92 * np.array(spot) * text.figure.dpi / 72)
        axes.plot([place.longitude, end[0]], [place.latitude, end[1]], color=INK, linewidth=0.5, zorder=4)
    return text.get_window_extent(renderer).padded(1.5)


def _put(text: Any, spot: tuple[float, float]) -> None:
    x, y = spot
    aside = abs(x) > 1
    text.set_ha(("left" if x > 0 else "right") if aside else "center")
    text.set_va("center" if aside else "bottom" if y > 0 else "top")
    text.set_position(spot)


def _overlap(one: Any, other: Any) -> float:
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    along = min(one.y1, other.y1) - max(one.y0, other.y0)
    return float(across * along) if across > 0 and along > 0 else 0.0


def _area(box: Any) -> float:
    return float(box.width * box.height)


def _of_week(flows: Flows, week: int) -> str:
    first = flows.starts[week].item()
    arrivals, deaths = int(flows.arrivals[week]), int(flows.deaths[week])
    return f"Week from {first.day} {first:%b %Y}\n{number(arrivals)} people arrived, {number(deaths)} died"


def _toll(flows: Flows) -> str:
    arrivals, deaths = int(flows.arrivals.sum()), int(flows.deaths.sum())
    return f"{number(arrivals)} people arrived by boat, {number(deaths)} died trying"


def _picture(figure: PaperFigure, palette: Image.Image) -> Image.Image:
    """Return a figure as a picture of the colours of a palette."""
    page = BytesIO()
    figure.savefig(page, format="png", dpi=_GIF_DPI)
    return Image.open(page).convert("RGB").quantize(palette=palette, dither=Image.Dither.NONE)


def _palette() -> Image.Image:
    """Return the colours of the map, and each mixed into what it may lie on: 256 at most.

    A palette found from a picture would give its colours to the wide areas, and thin lines those of
    their neighbours.
    """
    grounds = [to_rgb(ground) for ground in (_LAND, _SEA, "white")]
    inks = [to_rgb(ink) for ink in (*dict.fromkeys(_MODES.values()), INK, FAINT, _SHORE)]
    mixed = [
        np.array(ground) + (np.array(ink) - np.array(ground)) * share
        for ground in grounds
        for ink in inks
        for share in np.linspace(0.1, 1.0, 9)
    ]
    colours = np.round(255 * np.array([*grounds, *mixed])).astype(np.uint8)
    palette = Image.new("P", (1, 1))
    palette.putpalette(colours.ravel().tolist())
    return palette
