"""The one place that knows Mesa's versions (3.3 on Python 3.11, 3.5 from 3.12 on).

Differences absorbed here: Mesa 3.3 numbers agents in a class-level table that keeps every model
alive; Mesa 3.5 owns the attribute ``scenario``, warns at ``seed=`` and numbers agents itself; the
two differ in the arguments of ``batch_run``, and 3.5's changes the start method of the whole process.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import mesa
from mesa.agent import AgentSet


class BaseAgent(mesa.Agent):  # type: ignore[misc] # mesa has no types
    """A Mesa agent that is numbered by its own model and by nothing else."""

    def __init__(self, model: TableModel, unique_id: int | None = None) -> None:
        # Mesa's own initialiser is left out on purpose: in 3.3 it counts in a table of the class,
        # which would keep the model alive and make numbers depend on earlier runs.
        self.model = model
        self.pos = None
        number = model.next_agent_number() if unique_id is None else unique_id
        self.unique_id = number
        model.register_agent(self)
        self.unique_id = number  # Mesa 3.5 renumbers at registration


class TableModel(mesa.Model):  # type: ignore[misc] # mesa has no types
    """A Mesa model whose many agents are rows of a table.

    Agent objects of rows come to be when somebody asks for `agents`, and from then on answer for
    their row. Asking always shows the world as it stands.
    """

    population: Any

    def __init__(self, seed: int) -> None:
        self._numbers = itertools.count(1)
        self._syncing = False
        super().__init__(rng=seed)

    def next_agent_number(self) -> int:
        """Return the next number for an agent that is not a row."""
        return next(self._numbers)

    def sync_agents(self) -> None:
        """Bring the agent objects of rows up to date; overridden by the model that has rows."""

    def _synced(self) -> None:
        if not self._syncing and hasattr(self, "population"):
            self._syncing = True
            try:
                self.sync_agents()
            finally:
                self._syncing = False

    @property
    def agents(self) -> AgentSet:
        """All agents now under way, people among them."""
        self._synced()
        return self._all_agents

    @property
    def agents_by_type(self) -> dict[type, AgentSet]:
        """The same by class."""
        self._synced()
        kinds: dict[type, AgentSet] = self._agents_by_type
        return kinds

    @property
    def agent_types(self) -> list[type]:
        """Classes of agents in the model."""
        return list(self.agents_by_type)


def batch_run(
    model_class: Callable[..., Any],
    parameters: Mapping[str, Any],
    *,
    seeds: Iterable[int] = (1,),
    max_steps: int | None = None,
    data_collection_period: int = -1,
    processes: int = 1,
    executor: Executor | None = None,
) -> list[dict[str, Any]]:
    """Run a model over all combinations of parameters and seeds, alike on Mesa 3.3 and 3.5.

    Parameters
    ----------
    model_class
        Called with one keyword per parameter and ``seed``.
    parameters
        Values by name; lists, tuples and ranges are varied over, anything else is fixed.
    seeds
        One run for each.
    max_steps
        Stop after so many steps; None runs until ``model.running`` is false.
    data_collection_period
        -1 keeps the last collected row of a run; ``n`` keeps every n-th and the last.
    processes
        Worker processes; 1 runs here. Ignored where an `executor` is given.
    executor
        Any `concurrent.futures.Executor`. The start method of this process is never changed.

    Returns
    -------
    list of dict
        Parameters, ``seed``, ``RunId``, ``Step`` and the model reporters, in order of run. A run that
        fails gives one row with its ``error`` and loses nobody else's.
    """
    names = list(parameters)
    choices = [v if isinstance(v, (list, tuple, range)) else [v] for v in parameters.values()]
    jobs = [
        (model_class, dict(zip(names, values, strict=True)), seed, max_steps, data_collection_period)
        for values in itertools.product(*choices)
        for seed in list(seeds)
    ]
    if executor is not None:
        rows = list(executor.map(_run_once, jobs))
    elif processes == 1:
        rows = [_run_once(job) for job in jobs]
    else:
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            rows = list(pool.map(_run_once, jobs))
    return [{"RunId": run, **row} for run, found in enumerate(rows) for row in found]


def _run_once(job: tuple[Callable[..., Any], dict[str, Any], int, int | None, int]) -> list[dict[str, Any]]:
    model_class, arguments, seed, max_steps, period = job
    run = {"seed": seed, **arguments}
    try:
        model = model_class(seed=seed, **arguments)
        while model.running and (max_steps is None or model.steps < max_steps):
            model.step()
    except Exception as error:
        return [{**run, "error": f"{type(error).__name__}: {error}"}]
    collected = model.datacollector.get_model_vars_dataframe()
    last = len(collected) - 1
    if last < 0:
        return [run]
    kept = [last] if period == -1 else sorted({*range(0, len(collected), period), last})
    return [{**run, "Step": k, **collected.iloc[k].to_dict()} for k in kept]
