"""Sweeps: a scenario run at every point of a design, under the same seeds, and never lost.

>>> sweep = Sweep("no-policy", {"inflow.scale": [0.8, 1.0, 1.2]}, seeds=[1, 2], out="results/inflow")
>>> sweep.run()
>>> sweep.results()

Whatever stops it, running it again makes only what is missing or has failed. All points share their
seeds, so differences between points are paired differences (`crossings.study.pairs`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pandas as pd

from crossings.errors import InputError, unknown
from crossings.outcomes.provenance import origin
from crossings.policies import Policy, kinds
from crossings.scenario import Scenario
from crossings.study import designs, experiments, parts, store, sweep_files, sweep_results, sweep_runs
from crossings.study.advance import Estimate, Summary, Watcher
from crossings.study.axes import settings_at
from crossings.study.identity import Identity, identify
from crossings.study.making import Planned, usual_run
from crossings.study.runs import Run
from crossings.study.sweep_files import FigureTable
from crossings.study.sweep_parts import Axes, Given, axes_and_points, kept_of, seeds_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from crossings.study.discovery import Discovery
    from crossings.study.rerun import Rerun
    from crossings.study.sensitivity import Sensitivity

RESULTS = Path("results")
"""Where sweeps that are told nothing else have their folders."""

_DEFAULT_SAMPLES = 64


class Sweep:
    """A design of runs and the folder that keeps what they gave.

    Parameters
    ----------
    scenario
        A `Scenario`, or the name or path of one.
    axes
        What varies: a table from dotted key to a list of values, to a range ``(low, high)``, or to a
        table such as one ``[[axes]]`` of an experiment file; or `Axis` objects; or a pandas frame with
        dotted keys as columns and a point in each row.
    design
        One of `designs.DESIGNS`; a frame is a ``"table"``.
    samples
        Size of a sampled design (see `designs.points`).
    design_seed
        Seed of a sampled design.
    replications, seeds
        Seeds 1 to `replications` at every point, or the seeds themselves; default 1.
    keep
        What is kept of each run: ``"totals"`` always, and ``"daily"``, ``"people"``, ``"events"``.
    name, title, question
        What it is called, and what it asks.
    figure
        What `plot` draws.
    out
        Its folder; default ``results/<name>``.
    run
        Called as ``run(scenario, seed=seed)`` in place of `crossings.run`: a function of a module that
        gives a `Result`, or a table of numbers by name.

    Raises
    ------
    InputError
        If any of it cannot be used; nothing has been written then.
    """

    def __init__(
        self,
        scenario: Scenario | str | Path,
        axes: Axes,
        *,
        design: str = designs.FACTORIAL,
        samples: int | None = None,
        design_seed: int = 1,
        replications: int | None = None,
        seeds: Iterable[int] | None = None,
        keep: Iterable[str] = ("totals",),
        name: str = "sweep",
        title: str = "",
        question: str = "",
        figure: Mapping[str, Any] | None = None,
        out: str | os.PathLike[str] | None = None,
        run: Run | None = None,
    ) -> None:
        self.name, self.title, self.question = name, title, question
        self.base = Scenario.of(scenario)
        self.seeds = seeds_of(replications, seeds)
        self.keep = kept_of(keep)
        self.design_seed = design_seed
        self.design = design = designs.TABLE if isinstance(axes, pd.DataFrame) else design
        self.samples = _DEFAULT_SAMPLES if samples is None and design in designs.SAMPLED else samples
        self.axes, given = axes_and_points(axes, self.base, design)
        self.points = (
            designs.points(design, self.axes, self.samples or 1, design_seed) if given is None else given
        )
        self.figure = sweep_files.check(figure or {}, FigureTable, "figure")
        self.folder = RESULTS / name if out is None else Path(out)
        self._run = run
        self._check()

    # ------------------------------------------------------------------- in and out

    @classmethod
    def load(
        cls, name_or_path: str | Path, out: str | os.PathLike[str] | None = None, run: Run | None = None
    ) -> Self:
        """Load a sweep that comes with the package, an ``experiment.toml``, or the folder of a sweep.

        Parameters
        ----------
        name_or_path
            Name, or path of a folder or file; a folder that is called like a ready one is ``./<name>``.
        out
            Folder for its results; default ``results/<name>``, or the folder it was loaded from.
        run
            As in `Sweep`.

        Raises
        ------
        InputError
            If there is none, or what it says cannot be used.
        """
        if str(name_or_path) not in experiments.shipped() and store.generations(Path(name_or_path)):
            return cls._open(Path(name_or_path), out, run)
        place = experiments.folder(name_or_path)
        table = experiments.read(place)
        source = place / experiments.FILE
        if table["kind"] != "sweep":
            raise InputError(f'{source}: kind = "{table["kind"]}": expected "sweep"')
        try:
            return cls._of_table(table, place, out, run)
        except InputError as error:
            raise InputError(f"{source}: {error}") from None

    @classmethod
    def _of_table(
        cls, table: Mapping[str, Any], place: Path, out: str | os.PathLike[str] | None, run: Run | None
    ) -> Self:
        rest = {key: value for key, value in table.items() if key not in ("axes", "figure")}
        said = sweep_files.check(rest, sweep_files.SweepTable)
        beside = place / said.scenario
        base = Scenario.load(beside if beside.is_file() else said.scenario)
        base = base.with_(**sweep_files.flat(said.settings))
        axes: Any = sweep_files.axes_of(table.get("axes", ()), base)
        if (said.design == designs.TABLE) != (said.table is not None):
            raise InputError(
                f'design = "{said.design}": expected table = "FILE.csv" with design = "table" only'
            )
        if said.table is not None:
            axes = Given(sweep_files.read_table(place / said.table), axes)
        return cls(
            base, axes, design=said.design, samples=said.samples, design_seed=said.design_seed,
            replications=said.replications, seeds=said.seeds, keep=said.keep, name=place.resolve().name,
            title=said.title, question=said.question, figure=table.get("figure"), out=out, run=run,
        )  # fmt: skip

    @classmethod
    def _open(cls, folder: Path, out: str | os.PathLike[str] | None, run: Run | None) -> Self:
        path = store.generations(folder)[-1] / store.SWEEP
        table = store.read_table(path)
        try:
            return cls(
                Scenario(**table["base"]), Given.from_dict(table),
                design=table["design"], samples=table["samples"], design_seed=table["design_seed"],
                seeds=table["seeds"], keep=table["keep"], name=table["name"], title=table["title"],
                question=table["question"], figure=table["figure"], out=folder if out is None else out,
                run=run,
            )  # fmt: skip
        except InputError as error:
            raise InputError(f"{path}: of another version of the model: {error}") from None
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"{path}: expected what a sweep wrote there, got {error!r}") from None

    def as_dict(self) -> dict[str, Any]:
        """Return all of it as plain data, points included, as its folder keeps it."""
        return {
            "name": self.name,
            "title": self.title,
            "question": self.question,
            "design": self.design,
            "samples": self.samples,
            "design_seed": self.design_seed,
            "seeds": list(self.seeds),
            "keep": list(self.keep),
            "figure": self.figure.model_dump(),
            "axes": [asdict(axis) for axis in self.axes],
            "base": self.base.as_dict(),
            "points": self.points,
        }

    def __repr__(self) -> str:
        return f"<Sweep {self.name}: {len(self.points)} points, {len(self.seeds)} seeds, in {self.folder}>"

    # ------------------------------------------------------------------------- run

    @property
    def runner(self) -> Run:
        """What makes a run."""
        return usual_run(self.keep) if self._run is None else self._run

    @property
    def runs(self) -> list[Planned]:
        """Every different run of the design, seed by seed at each point."""
        found: dict[str, Planned] = {}
        for _, planned in self.planned():
            if found.setdefault(planned.run_id, planned).settings != planned.settings:
                raise InputError(
                    f"points: two of them have the same run id {planned.run_id}: expected others"
                )
        return list(found.values())

    def planned(self) -> Iterator[tuple[int, Planned]]:
        """Yield every run with the number of its point; a point that comes twice gives a run twice."""
        for number, point in enumerate(self.points):
            settings = settings_at(self.axes, point)
            for seed in self.seeds:
                yield number, Planned.of(point, settings, seed)

    def identity(self) -> Identity:
        """Return what rows made now would be made by."""
        corridors = {str(each["corridor"]) for each in self._settings() if "corridor" in each}
        return identify(self.base, corridors, self.runner, self.keep, self.policies())

    def policies(self) -> list[type[Policy]]:
        """Return the kinds of policies that any run has."""
        tables = [value for each in self._settings() for value in each.values() if isinstance(value, Mapping)]
        wanted = {str(table["kind"]) for table in tables if "kind" in table}
        found = dict.fromkeys(map(type, self.base.policies.values()))
        return list(found | dict.fromkeys(kind for name, kind in sorted(kinds().items()) if name in wanted))

    def _settings(self) -> Iterator[dict[str, Any]]:
        return (axis.settings(value) for axis in self.axes for value in axis.ends())

    def run(
        self,
        *,
        executor: Executor | None = None,
        processes: int | None = None,
        dask: str | None = None,
        accept_changes: bool = False,
        progress: Watcher | None = None,
    ) -> Summary:
        """Make every run that is missing or has failed.

        Parameters
        ----------
        executor
            Any `concurrent.futures.Executor`, whose workers can import this package.
        processes
            Worker processes where no executor is given; default one per core. 1 runs here.
        dask
            Address of a Dask scheduler, in place of both.
        accept_changes
            If code, data or scenario have changed since the rows that are there were made, begin a new
            generation of rows beside them.
        progress
            Told whenever runs have ended.

        Returns
        -------
        Summary

        Raises
        ------
        InputError
            If another coordinator is at work in the folder, the folder holds something else, or rows in
            it were made by other code, data or another scenario.
        RuntimeError
            If the executor breaks, no worker can work, or the lock of the folder is removed meanwhile;
            what was finished is kept.
        """
        return sweep_runs.run(self, executor, processes, dask, accept_changes, progress)

    def estimate(self, processes: int | None = None) -> Estimate:
        """Say what it will take, from runs that are there or else from one that is tried now.

        Nothing is written.
        """
        return sweep_runs.estimate(self, processes)

    def rerun(self, run_id: str) -> Rerun:
        """Make one run again and say whether it gives what its row says (`crossings.study.rerun`)."""
        from crossings.study.rerun import rerun  # noqa: PLC0415, which knows sweeps

        return rerun(self, run_id)

    # --------------------------------------------------------------------- results

    def results(self, generation: int | None = None) -> pd.DataFrame:
        """Return one row per run that has ended, in the order of the design.

        Parameters
        ----------
        generation
            Which identity's rows; default the newest.

        Returns
        -------
        DataFrame
            ``run_id, point, seed``, a column for each axis (empty where the point leaves it as it is),
            ``status`` (``done`` or ``failed``), every outcome, ``digest``, ``digest_exact``,
            ``identity``, ``error``, ``traceback``, and what differs between equal sweeps: `attempt`,
            ``worker``, ``started``, ``wall_seconds``.
        """
        return sweep_results.results(self.place(generation), self)

    def daily(self, generation: int | None = None) -> pd.DataFrame:
        """Return daily outcomes by run id and date; all of them at once, see `tables`."""
        return self._kept("daily", generation)

    def people(self, generation: int | None = None) -> pd.DataFrame:
        """Return one row per run id and person."""
        return self._kept("people", generation)

    def events(self, generation: int | None = None) -> pd.DataFrame:
        """Return every step of every life line by run id."""
        return self._kept("events", generation)

    def tables(self, name: str, generation: int | None = None) -> Iterator[pd.DataFrame]:
        """Yield a kept table piece by piece, for what does not fit in memory.

        Parameters
        ----------
        name
            ``"daily"``, ``"people"`` or ``"events"``.
        generation
            As in `results`.
        """
        if name not in self.keep:
            raise InputError(f"{name} were not kept by this sweep: expected keep with '{name}' in it")
        for table in parts.read_tables(self.place(generation), name):
            yield table.to_pandas()

    def sql(self, query: str, generation: int | None = None) -> pd.DataFrame:
        """Ask in SQL, through DuckDB: tables ``runs``, ``daily``, ``people``, ``events``.

        Raises
        ------
        InputError
            If DuckDB is not installed or does not understand.
        """
        return sweep_results.sql(query, self.results(generation), self.place(generation))

    def differences(
        self, base: Mapping[str, Any], outcome: str = "arrivals", generation: int | None = None
    ) -> pd.DataFrame:
        """Return paired differences of every point from the point it would be at `base`.

        Parameters
        ----------
        base
            Values of some axes, such as ``{"share": 0.0}``: each point is compared with the one that
            has these values and is otherwise the same, seed by seed.
        outcome
            Column of `results`.
        generation
            As in `results`.

        Returns
        -------
        DataFrame
            By axes: ``base``, ``policy``, ``difference`` with 95% interval ``low``, ``high``,
            ``standard_error``, ``variance_reduction`` and ``pairs``.
        """
        return sweep_results.differences(self, self.results(generation), base, outcome)

    def sensitivity(self, outcome: str = "arrivals", generation: int | None = None) -> Sensitivity:
        """Return how far each axis moves an outcome (`crossings.study.sensitivity`).

        Raises
        ------
        InputError
            If the design is neither ``morris`` nor ``sobol``, SALib is not installed, or runs are
            missing or have failed.
        """
        from crossings.study.sensitivity import analyse  # noqa: PLC0415, only where it is asked for

        return analyse(self, self.results(generation), outcome, self.origin(generation))

    def discover(
        self,
        outcome: str,
        *,
        above: float | None = None,
        below: float | None = None,
        generation: int | None = None,
    ) -> Discovery:
        """Return the boxes of the axes in which an outcome lies beyond a limit.

        See `crossings.study.discovery`.
        """
        from crossings.study.discovery import discover  # noqa: PLC0415, only where it is asked for

        names = [axis.name for axis in self.axes]
        return discover(self.results(generation), names, outcome, above=above, below=below)

    def plot(self, generation: int | None = None) -> Figure:
        """Draw what the figure of the experiment file asks for."""
        from crossings.views.responses import draw  # noqa: PLC0415, slow to load and from a higher floor

        return draw(self, self.results(generation), self.origin(generation)).figure

    # ---------------------------------------------------------------------- inside

    def _check(self) -> None:
        if not self.axes:
            raise InputError("axes = []: expected at least one thing that varies")
        for axis in self.axes:
            if axis.name in sweep_results.TAKEN:
                raise InputError(f"axis '{axis.name}': expected another name than a column of results has")
        count = len(self.points) * len(self.seeds)
        if not count:
            raise InputError("points: expected at least one")
        if count > designs.MOST:
            raise InputError(f"{count:,} runs: expected at most {designs.MOST:,}")
        names = [axis.name for axis in self.axes]
        for name in (self.figure.x, self.figure.by):
            if name is not None and name not in names:
                raise unknown("axis in [figure]", name, names)

    def place(self, generation: int | None = None) -> Path:
        """Return the folder of a generation, default the newest.

        Raises
        ------
        InputError
            If there is none.
        """
        places = store.generations(self.folder)
        numbers = {store.generation_number(path): path for path in places}
        if generation is None and places:
            return places[-1]
        if generation not in numbers:
            known = ", ".join(map(str, numbers)) or "none yet: run the sweep first"
            raise InputError(f"generation {generation} of '{self.folder}': expected one of {known}")
        return numbers[generation]

    def origin(self, generation: int | None = None) -> str:
        """Return the version that made the rows and, in a checkout, the commit."""
        return origin(store.read_table(self.place(generation) / store.IDENTITY)["beside"])

    def _kept(self, name: str, generation: int | None) -> pd.DataFrame:
        pieces = list(self.tables(name, generation))
        return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame()
