"""Clip the land around a corridor's places, once, into the ``coastline.geojson`` beside its tables.

The land is Natural Earth's 1:10m [1]_, in the public domain, as the npm package ``world-atlas`` holds it
in TopoJSON [2]_. Maps only ever read the clipped file, so that nothing is fetched when one is drawn::

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python -m crossings.corridors.clip package/land-10m.json model/crossings/corridors/channel

Two features are written: ``coast``, as fine as it comes, around camps, launch sites and landings, and
``land``, simplified, around all places. It needs shapely, which is part of the extra ``dev``.

References
----------
.. [1] Natural Earth, https://www.naturalearthdata.com.
.. [2] M. Bostock, "TopoJSON Format Specification", https://github.com/topojson/topojson-specification.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from crossings.corridors.corridor import Place
from crossings.corridors.loading import load
from crossings.errors import InputError

FILE = "coastline.geojson"
SOURCE = "Natural Earth 1:10m land, public domain, from the npm package world-atlas 2.0.2; clipped"

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""West, south, east, north, in degrees."""

COASTAL = ("camp", "site", "landing")
_NEAR, _FAR = 1.1, 8.0  # degrees around the places
_FINE, _COARSE = 0.0, 0.12  # degrees by which lines may be simplified
_SMALLEST = 0.05  # square degrees of the smallest island of the coarse land


def clipped(topology: dict[str, Any], places: Sequence[Place]) -> dict[str, Any]:
    """Return the land around some places as GeoJSON.

    Parameters
    ----------
    topology
        TopoJSON with an object ``land``.
    places
        Places of a corridor.

    Raises
    ------
    InputError
        If the topology holds no land.
    """
    import shapely  # noqa: PLC0415, needed by nobody who only draws

    land = [shapely.Polygon(outer, inner) for outer, inner in polygons(topology)]
    coastal = [place for place in places if place.kind in COASTAL] or places
    features = []
    for name, around, margin, tolerance in (
        ("coast", coastal, _NEAR, _FINE),
        ("land", places, _FAR, _COARSE),
    ):
        limits = box(around, margin)
        near = [piece for piece in land if shapely.box(*limits).intersects(shapely.box(*piece.bounds))]
        parts = shapely.get_parts([shapely.clip_by_rect(piece, *limits) for piece in near])
        least = _SMALLEST if tolerance else 0.0
        kept = [
            _drawn(part, tolerance) for part in parts if part.geom_type == "Polygon" and part.area >= least
        ]
        geometry = {"type": "MultiPolygon", "coordinates": kept}
        features.append(
            {"type": "Feature", "bbox": limits, "properties": {"name": name}, "geometry": geometry}
        )
    return {"type": "FeatureCollection", "source": SOURCE, "features": features}


def _drawn(part: Any, tolerance: float) -> list[list[list[float]]]:
    """Return the rings of a polygon, simplified and rounded to what a map can show."""
    digits = 2 if tolerance else 3
    simpler = part.simplify(tolerance)
    rings = [simpler.exterior, *simpler.interiors]
    return [[[round(x, digits), round(y, digits)] for x, y in ring.coords] for ring in rings]


def box(places: Iterable[Place], margin: float) -> Box:
    """Return the rectangle around some places with a margin in degrees of latitude, within the globe."""
    points = [(place.longitude, place.latitude) for place in places]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    return (
        max(-180.0, round(west - 1.6 * margin, 2)),
        max(-90.0, round(south - margin, 2)),
        min(180.0, round(east + 1.6 * margin, 2)),
        min(90.0, round(north + margin, 2)),
    )


def polygons(topology: dict[str, Any]) -> Iterable[tuple[list[Point], list[list[Point]]]]:
    """Yield outer and inner rings of the land of a topology, in degrees.

    Arcs are delta-encoded whole numbers; ``~i`` means arc ``i`` backwards.

    Raises
    ------
    InputError
        If the topology holds no land.
    """
    try:
        geometries = topology["objects"]["land"]["geometries"]
        arcs = [_points(arc, topology["transform"]) for arc in topology["arcs"]]
    except (KeyError, TypeError):
        raise InputError("topology: expected quantised TopoJSON with an object 'land'") from None
    for geometry in geometries:
        several = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for polygon in several:
            outer, *inner = (_ring(ring, arcs) for ring in polygon)
            yield outer, inner


def _points(arc: list[list[int]], transform: dict[str, list[float]]) -> list[Point]:
    (scale_x, scale_y), (x0, y0) = transform["scale"], transform["translate"]
    xs = accumulate(step[0] for step in arc)
    ys = accumulate(step[1] for step in arc)
    return [(x * scale_x + x0, y * scale_y + y0) for x, y in zip(xs, ys, strict=True)]


def _ring(ring: list[int], arcs: list[list[Point]]) -> list[Point]:
    points: list[Point] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points.extend(arc[1:] if points else arc)
    return points


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the coastline of a corridor; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m crossings.corridors.clip", description=__doc__)
    parser.add_argument("topology", type=Path, help="land-10m.json of world-atlas")
    parser.add_argument("corridor", type=Path, help="folder of a corridor")
    options = parser.parse_args(arguments)
    try:
        found = clipped(
            json.loads(options.topology.read_text(encoding="utf-8")), load(options.corridor).places
        )
    except (OSError, ValueError) as error:
        print(f"{options.topology}: {error}", file=sys.stderr)
        return 2
    target = options.corridor / FILE
    target.write_text(json.dumps(found, separators=(",", ":")) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
