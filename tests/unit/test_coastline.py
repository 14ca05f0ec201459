"""The coastline of maps: land where land is, clipped once, and only where a corridor has it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from crossings import corridors
from crossings.corridors import clip
from crossings.errors import InputError
from crossings.views import map as maps


def test_the_coastline_is_land_where_land_is():
    outlines = maps.coastline("channel")
    assert set(outlines) == {"coast", "land"}
    from matplotlib.path import Path as Outline  # noqa: PLC0415

    def on_land(longitude, latitude):
        return any(Outline(line).contains_point((longitude, latitude)) for line in outlines["coast"])

    assert on_land(2.0, 50.6)  # Artois
    assert on_land(1.0, 51.2)  # Kent
    assert not on_land(1.45, 50.95)  # the strait


def test_who_takes_its_places_from_a_corridor_has_its_land(tmp_path):
    assert maps.coastline("channel-2021").keys() == {"coast", "land"}
    (tmp_path / "corridor.toml").write_text('extends = "channel"')
    assert maps.coastline(tmp_path).keys() == {"coast", "land"}
    (tmp_path / "places.csv").touch()
    assert maps.coastline(tmp_path) == {}


def test_a_corridor_without_a_coastline_has_no_land(tmp_path):
    assert maps.coastline(tmp_path) == {}
    (tmp_path / clip.FILE).write_text("{}")
    with pytest.raises(InputError, match="expected GeoJSON"):
        maps.coastline(tmp_path)


def test_clipping(tmp_path):
    square = [[0, 0], [0, 60], [60, 0], [0, -60], [-60, 0]]  # an island of 60 degrees, in deltas
    topology = {
        "transform": {"scale": [1.0, 1.0], "translate": [0.0, 0.0]},
        "objects": {"land": {"geometries": [{"type": "Polygon", "arcs": [[0]]}]}},
        "arcs": [square],
    }
    found = clip.clipped(topology, corridors.load().places)
    coast, land = found["features"]
    assert [f["properties"]["name"] for f in (coast, land)] == ["coast", "land"]
    west, south, east, north = coast["bbox"]
    points = np.array(coast["geometry"]["coordinates"][0][0])
    assert points[:, 0].min() == pytest.approx(max(west, 0.0), abs=0.01)
    assert points[:, 0].max() == pytest.approx(east, abs=0.01)
    assert (points[:, 1].min(), points[:, 1].max()) == pytest.approx((south, north), abs=0.01)
    with pytest.raises(InputError, match="land"):
        clip.clipped({"objects": {}}, corridors.load().places)
    (tmp_path / "land.json").write_text(json.dumps({"objects": {}}))
    assert clip.main([str(tmp_path / "land.json"), str(tmp_path)]) == 2
    mine = shutil.copytree(Path(clip.__file__).parent / "channel", tmp_path / "mine")
    (tmp_path / "land.json").write_text(json.dumps(topology))
    assert clip.main([str(tmp_path / "land.json"), str(mine)]) == 0
    assert json.loads((mine / clip.FILE).read_text()) == json.loads(json.dumps(found))
