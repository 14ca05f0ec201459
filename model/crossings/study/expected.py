"""What a published experiment says: quantities with their value, tolerance, source and status.

``expected.toml`` of an experiment holds one table for each quantity. It is read by the judge
(`crossings.study.reproduction`) after a run has ended, and by nothing that takes part in the run.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from crossings import scenario_files
from crossings.errors import InputError, nearest
from crossings.study.estimates import Estimate

FILE = "expected.toml"

Kind = Literal["absolute", "relative", "standard errors", "sign", "at least", "at most"]


class Expected(BaseModel):
    """One quantity as it was published.

    Attributes
    ----------
    meaning
        What it is, in one sentence.
    published
        The published value; for ``sign`` +1 or -1; for ``at least`` and ``at most`` the bound.
    kind
        How nearness is judged. ``absolute``: within `tolerance` in the unit of the quantity.
        ``relative``: within `tolerance` times the published value. ``standard errors``: within
        `tolerance` standard errors of what was obtained. ``sign``: of the published sign, and away from
        zero by `tolerance` standard errors and, unless that is 0, with an interval that leaves zero out (few
        runs have a wide one). ``at least``, ``at most``: on that side of the published
        bound, or short of it by no more than `tolerance`.
    tolerance
        Zero or more.
    source
        Where it was published, with page or table; or how it was derived.
    status
        Whether parameters of the experiment were fitted to it.
    case
        Data that the quantity was published for, where an experiment runs on data of the user; empty for
        all.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    meaning: str = Field(min_length=1)
    published: float
    kind: Kind
    tolerance: float = Field(ge=0.0)
    source: str = Field(min_length=1)
    status: Literal["fitted", "not fitted"]
    case: str = ""

    def allowed(self, obtained: Estimate) -> float:
        """Return by how much `obtained` may be off, in the unit of the quantity.

        Raises
        ------
        ValueError
            If the tolerance is in standard errors and the estimate has none.
        """
        if self.kind == "relative":
            return self.tolerance * abs(self.published)
        if self.kind in ("standard errors", "sign") and self.tolerance:
            if obtained.error is None:
                raise ValueError("a tolerance in standard errors needs an estimate that has one")
            return self.tolerance * obtained.error
        return self.tolerance

    def holds(self, obtained: Estimate) -> bool:
        """Return whether what was obtained is within tolerance; never where it is not a number."""
        allowed, off = self.allowed(obtained), obtained.value - self.published
        if self.kind == "at least":
            return off >= -allowed
        if self.kind == "at most":
            return off <= allowed
        if self.kind == "sign":
            near = obtained.low if self.published > 0.0 else obtained.high
            clear = near is None or self.tolerance == 0.0 or near * self.published > 0.0
            return obtained.value * self.published > 0.0 and abs(obtained.value) >= allowed and clear
        return abs(off) <= allowed


def read(place: Path) -> dict[str, Expected]:
    """Return the published quantities of an experiment by name, in the order of the file.

    Parameters
    ----------
    place
        Folder of the experiment.

    Raises
    ------
    InputError
        In one line, if the file cannot be read or says something else than a quantity may.
    """
    path = place / FILE
    try:
        table = scenario_files.parse(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({error})") from None
    if not table:
        raise InputError(f"{path}: expected at least one quantity, each a table of its own")
    return {name: _quantity(path, name, content) for name, content in table.items()}


def _quantity(path: Path, name: str, content: Any) -> Expected:
    if not isinstance(content, dict):
        raise InputError(f"{path}: {name} = {content!r}: expected a table, [{name}], with {_KEYS}")
    try:
        quantity = Expected.model_validate(content)
    except ValidationError as error:
        raise InputError(f"{path}: {_first(name, error)}") from None
    if quantity.kind == "sign" and quantity.published not in (1.0, -1.0):
        value = f"{name}.published = {quantity.published:g}"
        raise InputError(f'{path}: {value}: expected 1 or -1 with kind "sign"')
    return quantity


def _first(name: str, error: ValidationError) -> str:
    """Say what is wrong with a quantity, in one line."""
    found = min(error.errors(), key=lambda each: each["type"] != "extra_forbidden")  # a misspelt key first
    key = ".".join(map(str, found["loc"]))
    if found["type"] == "extra_forbidden":
        return f"{name}.{key}: unknown key, expected one of {_KEYS}{nearest(key, Expected.model_fields)}"
    if found["type"] == "missing":
        return f"{name}.{key}: missing, expected {_KEYS}"
    said = found["msg"][:1].lower() + found["msg"][1:]
    return f"{name}.{key} = {found['input']!r}: {said}"


_KEYS = ", ".join(name for name in Expected.model_fields if name != "case")
