"""Parameters that know their unit, range, meaning and source.

Each room of the model owns one frozen `Block`. A parameter is declared once, with `param`, and
everything that needs to know about it (``crossings params``, the tables in ODD.md, sweeps,
sensitivity analysis, calibration) reads that declaration.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

ASSUMED = "assumed"


class Block(BaseModel):
    """A frozen group of parameters owned by one room; unknown keys are refused."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=False, allow_inf_nan=False, validate_default=True
    )


def param(
    default: Any,
    meaning: str,
    *,
    unit: str = "1",
    low: float | None = None,
    high: float | None = None,
    source: str = ASSUMED,
    min_value: float | None = None,
    max_value: float | None = None,
) -> Any:
    """Declare one parameter of a `Block`.

    Parameters
    ----------
    default
        Value used where a scenario says nothing.
    meaning
        What it is, in one sentence.
    unit
        Physical or counting unit; ``"1"`` for a share or a pure number.
    low, high
        The plausible range, used by sensitivity analysis and as prior range by calibration.
    source
        Where the default comes from; ``"assumed"`` where nothing better is known.
    min_value, max_value
        Hard limits beyond which the model has no meaning; values outside are refused.
    """
    return Field(
        default=default,
        description=meaning,
        ge=min_value,
        le=max_value,
        json_schema_extra={"unit": unit, "low": low, "high": high, "source": source},
    )


@dataclass(frozen=True)
class Described:
    """One parameter as the outside sees it: a row of ``crossings params``."""

    path: str
    default: Any
    unit: str
    low: float | None
    high: float | None
    meaning: str
    source: str

    @property
    def assumed(self) -> bool:
        """Whether the default rests on no source."""
        return self.source.startswith(ASSUMED)


def described(block: type[BaseModel] | BaseModel, prefix: str = "") -> Iterator[Described]:
    """Yield every parameter of a block and of the blocks nested in it, in declared order."""
    kind = block if isinstance(block, type) else type(block)
    for name, field in kind.model_fields.items():
        path = f"{prefix}.{name}" if prefix else name
        value = (
            field.get_default(call_default_factory=True) if isinstance(block, type) else getattr(block, name)
        )
        if isinstance(value, Block):
            yield from described(value, path)
        elif isinstance(field.json_schema_extra, dict) and "unit" in field.json_schema_extra:
            yield _row(path, value, field)


def _row(path: str, value: Any, field: FieldInfo) -> Described:
    extra = cast("dict[str, Any]", field.json_schema_extra)  # `param` always gives a dictionary
    return Described(
        path=path,
        default=value,
        unit=extra["unit"],
        low=extra["low"],
        high=extra["high"],
        meaning=field.description or "",
        source=extra["source"],
    )
