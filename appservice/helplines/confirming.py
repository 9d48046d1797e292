"""Writes down that a person has looked at rows: into the operator's own file of the country."""

import os
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from appservice.helplines.rows import Row
from appservice.helplines.sheets import Sheet

_HEAD = "# Written by `circlekeeper helplines confirm`. Edit it as you like.\n"


def confirmed(sheet: Sheet, folder: Path, right: Collection[Row], by: str, today: date) -> Path:
    """Return the file in `folder` in which these rows of a faultless sheet are confirmed.

    The other rows are not confirmed any more: somebody has just said that they are not right.
    Comments in the file are not kept. Raises OSError.
    """
    written: dict[str, Any] = yaml.safe_load(sheet.path.read_text("utf-8"))
    first = written["emergency"]
    written["emergency"] = {"number": first} if isinstance(first, str) else first
    rows = (written["emergency"], *written.get("lines", []))
    for raw, row in zip(rows, sheet.rows, strict=True):
        raw.update(_marks(by, today) if row in right else _marks("", None))
    path = folder / f"{sheet.country.lower()}.yaml"
    folder.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(_HEAD + yaml.safe_dump(written, sort_keys=False, allow_unicode=True), "utf-8")
    os.replace(new, path)  # noqa: PTH105 - whole or not at all
    return path


def _marks(by: str, on: date | None) -> Mapping[str, Any]:
    return {"verified_on": on, "verified_by": by}
