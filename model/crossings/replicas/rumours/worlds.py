"""Worlds: cities joined by links, drawn at random or read from a map.

A world is a networkx graph; nodes are numbered, entries first, then ordinary cities, then exits.
`World` holds the graph and the same as arrays, for kernels. Draws are keyed by the number of the city and
by the pair of cities of a link, so a world depends on its seed and its sizes only.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from crossings.errors import InputError
from crossings.parameters import Block, param
from crossings.streams import Streams, identity

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ENTRY, ORDINARY, EXIT = 0, 1, 2
_MAP_KINDS = {1: ORDINARY, 3: EXIT}


class SyntheticBlock(Block):
    """Sizes and chances of a world drawn at random."""

    n_cities: int = param(600, "Ordinary cities.", unit="cities", min_value=2, max_value=5000)
    n_entries: int = param(6, "Entries, at x = 0.", unit="cities", min_value=1)
    n_exits: int = param(10, "Exits, at x = 0.99.", unit="cities", min_value=1)
    n_nearest: int = param(3, "Cities to which each entry and exit is joined.", unit="cities", min_value=1)
    link_thresh: float = param(0.1, "Distance below which cities are joined.", min_value=0.0)
    frict_range: float = param(0.5, "Largest share by which friction exceeds distance.", min_value=0.0)
    risk_normal: float = param(0.001, "Chance of dying on a link.", min_value=0.0, max_value=0.999)
    p_unknown_city: float = param(
        0.5, "Chance that nobody knows a city beforehand.", min_value=0, max_value=1
    )
    p_unknown_link: float = param(
        0.5, "Chance that nobody knows a link beforehand.", min_value=0, max_value=1
    )


@dataclass(frozen=True, eq=False)
class World:
    """Cities and links.

    Attributes
    ----------
    graph : networkx.Graph
        Nodes carry ``x``, ``y``, ``kind``, ``quality``, ``resources``, ``name`` and ``prior``; edges
        ``number``, ``distance``, ``friction``, ``risk``, ``sea`` and ``prior``.
    place : ndarray, shape (cities, 2)
        Coordinates.
    truth : ndarray, shape (cities, 2)
        Quality and resources.
    kind : ndarray, shape (cities,)
        `ENTRY`, `ORDINARY` or `EXIT`.
    ends : ndarray, shape (links, 2)
        Cities at the ends of each link.
    distance : ndarray, shape (links,)
        Length.
    hazard : ndarray, shape (links, 2)
        Friction, and the chance of dying on one crossing; both may change as time goes by.
    sea : ndarray of bool, shape (links,)
        Whether it crosses the sea to an exit.
    prior_city, prior_link : ndarray of bool
        What anybody may know beforehand.
    """

    graph: nx.Graph[int]
    place: Floats
    truth: Floats
    kind: Ints
    ends: Ints
    distance: Floats
    hazard: Floats
    sea: NDArray[np.bool_]
    prior_city: NDArray[np.bool_]
    prior_link: NDArray[np.bool_]

    @property
    def cities(self) -> int:
        """Number of cities, entries and exits among them."""
        return len(self.kind)

    @property
    def links(self) -> int:
        """Number of links."""
        return len(self.distance)

    def of_kind(self, kind: int) -> Ints:
        """Return the numbers of all entries, ordinary cities or exits."""
        return np.flatnonzero(self.kind == kind)


def synthetic(block: SyntheticBlock, seed: int) -> World:
    """Draw a world: ordinary cities in the unit square, entries in the west, exits in the east.

    Parameters
    ----------
    block
        Sizes and chances.
    seed
        Of the world; replicates that share it share cities, links and what can be known of them.
    """
    draws = Streams(seed)
    n = block.n_entries + block.n_cities + block.n_exits
    kind = np.repeat([ENTRY, ORDINARY, EXIT], [block.n_entries, block.n_cities, block.n_exits])
    x, y, quality, resources = draws.uniforms("rumours.city", identity("city", 0, np.arange(n)), 0, 4)
    x = np.where(kind == ENTRY, 0.0, np.where(kind == EXIT, 0.99, x))
    quality, resources = (np.where(kind == ORDINARY, u, (kind == EXIT) * 1.0) for u in (quality, resources))
    place = np.stack([x, y], axis=1)
    graph: nx.Graph[int] = nx.Graph(name="synthetic")
    for city in range(n):
        graph.add_node(
            city, x=x[city], y=y[city], kind=int(kind[city]), quality=quality[city], resources=resources[city]
        )
    ordinary = np.flatnonzero(kind == ORDINARY)
    near = cKDTree(place[ordinary]).query_pairs(block.link_thresh, output_type="ndarray")
    pairs = {(int(ordinary[a]), int(ordinary[b])) for a, b in near}
    pairs |= _nearest(place, np.flatnonzero(kind != ORDINARY), ordinary, block.n_nearest)
    for a, b in sorted(pairs):
        graph.add_edge(a, b, distance=float(np.hypot(*(place[a] - place[b]))), risk=block.risk_normal)
    _finish(graph, draws, block.frict_range, block.p_unknown_city, block.p_unknown_link)
    return _tabulated(graph)


def from_map(path: str | Path, seed: int, *, n_entries: int = 5, n_nearest: int = 3) -> World:
    """Read a map and add what it leaves open: entries, quality and resources.

    Parameters
    ----------
    path
        JSON with ``cities`` (``x``, ``y``, ``typ``, ``name``) and ``links`` (ends counted from 1,
        ``distance``, ``friction``, ``risk``).
    seed
        Of the world.
    n_entries, n_nearest
        Entries at x = 0, and cities to which each is joined.

    Raises
    ------
    InputError
        If the file cannot be read or is no such map.
    """
    draws = Streams(seed)
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
        cities = [(c["x"], c["y"], _MAP_KINDS[c["typ"]], c["name"]) for c in content["cities"]]
        links = [(k["i"] - 1, k["j"] - 1, k["distance"], k["friction"], k["risk"]) for k in content["links"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"map '{path}': cannot be read as a map ({type(error).__name__}: {error})") from None
    first = [
        (0.0, float(draws.uniform("rumours.entry", identity("entry", 0, k))[0])) for k in range(n_entries)
    ]
    order = sorted(range(len(cities)), key=lambda city: (cities[city][2], city))
    number = {city: n_entries + rank for rank, city in enumerate(order)}
    quality, resources = draws.uniforms("rumours.map_city", identity("city", 0, np.arange(len(cities))), 0, 2)
    graph: nx.Graph[int] = nx.Graph(name=Path(path).stem)
    for k, (x, y) in enumerate(first):
        graph.add_node(k, x=x, y=y, kind=ENTRY, quality=0.0, resources=0.0, name=f"entry {k + 1}")
    for city in order:
        x, y, kind, name = cities[city]
        known = (1.0, 1.0) if kind == EXIT else (quality[city], resources[city])
        graph.add_node(
            number[city], x=x, y=y, kind=kind, name=name, quality=float(known[0]), resources=float(known[1])
        )
    for i, j, distance, friction, risk in links:
        ends = sorted((number[i], number[j]))
        graph.add_edge(*ends, distance=distance, friction=friction, risk=risk)
    place = np.array([[graph.nodes[city]["x"], graph.nodes[city]["y"]] for city in range(len(graph))])
    ordinary = np.array([city for city in graph if graph.nodes[city]["kind"] == ORDINARY])
    for a, b in sorted(_nearest(place, np.arange(n_entries), ordinary, n_nearest)):
        graph.add_edge(a, b, distance=float(np.hypot(*(place[a] - place[b]))), risk=0.0)
    _finish(graph, draws, 0.5, 0.0, 0.0)
    return _tabulated(graph)


def _nearest(place: Floats, of: Ints, among: Ints, number: int) -> set[tuple[int, int]]:
    _, found = cKDTree(place[among]).query(place[of], k=min(number, len(among)))
    return {
        (min(int(a), int(among[b])), max(int(a), int(among[b])))
        for a, row in zip(of, np.reshape(found, (len(of), -1)), strict=True)
        for b in row
    }


def _finish(
    graph: nx.Graph[int], draws: Streams, frict_range: float, unknown_city: float, unknown_link: float
) -> None:
    """Give links their numbers; draw what is open: friction, and what anybody may know beforehand."""
    known = draws.uniform("rumours.prior_city", identity("city", 0, np.arange(len(graph))))
    for city in graph:
        graph.nodes[city]["prior"] = bool(known[city] >= unknown_city)
    ends = sorted((min(a, b), max(a, b)) for a, b in graph.edges)
    keys = identity("link", [a for a, _ in ends], [b for _, b in ends])
    rough, known = draws.uniforms("rumours.link", keys, 0, 2)
    for number, (a, b) in enumerate(ends):
        edge = graph.edges[a, b]
        sea = "friction" in edge and graph.nodes[b]["kind"] == EXIT
        friction = edge["distance"] * (1.0 + frict_range * rough[number])
        edge.setdefault("friction", float(friction))
        edge.update(number=number, sea=sea, prior=bool(known[number] >= unknown_link))


def _tabulated(graph: nx.Graph[int]) -> World:
    cities = [graph.nodes[city] for city in range(len(graph))]
    links = sorted(
        ((min(a, b), max(a, b), edge) for a, b, edge in graph.edges(data=True)), key=lambda e: e[:2]
    )
    return World(
        graph=graph,
        place=np.array([[c["x"], c["y"]] for c in cities]),
        truth=np.array([[c["quality"], c["resources"]] for c in cities]),
        kind=np.array([c["kind"] for c in cities], dtype=np.int64),
        ends=np.array([[a, b] for a, b, _ in links], dtype=np.int64),
        distance=np.array([e["distance"] for *_, e in links]),
        hazard=np.array([[e["friction"], e["risk"]] for *_, e in links]),
        sea=np.array([e["sea"] for *_, e in links], dtype=bool),
        prior_city=np.array([c["prior"] for c in cities], dtype=bool),
        prior_link=np.array([e["prior"] for *_, e in links], dtype=bool),
    )
