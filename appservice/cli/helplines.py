"""`circlekeeper helplines`: the numbers that help, and which of them a person has looked at."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from appservice.cli.options import DEFAULT_CONFIG, AsJson, ConfigFile
from appservice.cli.output import asked, note, show
from appservice.clock import SystemClock
from appservice.config import Settings
from appservice.errors import CirclekeeperError

if TYPE_CHECKING:
    from appservice.helplines.rows import Row
    from appservice.helplines.sheets import Sheet

app = typer.Typer(no_args_is_help=True, help="Numbers that help, and who has looked at them.")


@app.command()
def check(config: ConfigFile = DEFAULT_CONFIG, *, as_json: AsJson = False) -> None:
    """Show every number with its age; exit 1 if one is wrong, or too old to be shown."""
    from appservice.helplines.sheets import read_sheets  # noqa: PLC0415

    settings, today = Settings.load(config), SystemClock().now().date()
    sheets = read_sheets(today, settings.helplines).values()
    rows = [line for sheet in sheets for line in _lines(sheet, today)]
    show(rows, (f"{one['status']:<4}  {_told(one)}" for one in rows), as_json=as_json)
    if any(one["status"] == "fail" for one in rows):
        raise typer.Exit(1)


@app.command()
def confirm(
    country: Annotated[str, typer.Argument(metavar="COUNTRY", help="Two letters, as DE.")],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who has looked at them.")],
    config: ConfigFile = DEFAULT_CONFIG,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="All are right; ask nothing.")] = False,
) -> None:
    """Write down that a person has compared a country's numbers with their providers' own pages.

    Each is shown and asked about. What is not right is left out of every answer until it is
    confirmed.
    """
    from appservice.helplines.confirming import confirmed  # noqa: PLC0415

    settings, today = Settings.load(config), SystemClock().now().date()
    folder, name = settings.helplines, " ".join(by.split())
    if not name or len(name) > _LONGEST_NAME:
        raise typer.BadParameter(
            f"write a name of up to {_LONGEST_NAME} letters", param_hint="--by"
        )
    if folder is None:
        raise CirclekeeperError("the settings have no folder for it: write `helplines: helplines`")
    sheet = _sheet(country.upper(), folder, today)
    right = [row for row in sheet.rows if _is_right(row, yes=yes)]
    path = confirmed(sheet, folder, right, name, today)
    note(f"{len(right)} of {len(sheet.rows)} numbers are confirmed in {path}.")
    for row in sheet.rows:
        if row not in right:
            note(f"Not shown before you correct it there, and confirm it: {row.label}")


_LONGEST_NAME = 60


def _sheet(country: str, folder: Path, today: date) -> "Sheet":
    from appservice.helplines.sheets import read_sheets  # noqa: PLC0415

    sheet = read_sheets(today, folder).get(country)
    if sheet is None:
        there = folder / f"{country.lower()}.yaml"
        raise CirclekeeperError(f"there are no numbers for {country} yet: write {there} first")
    if sheet.faults:
        raise CirclekeeperError("\n".join(f"{fault}; correct it first" for fault in sheet.faults))
    return sheet


def _is_right(row: "Row", *, yes: bool) -> bool:
    told = row.model_dump(mode="json", exclude={"verified_on", "verified_by", "pair"})
    note("")
    for name, value in told.items():
        if value:
            note(f"  {name}: {', '.join(value) if isinstance(value, list) else value}")
    return yes or asked(
        "Have you looked at the provider's own page, and is it so?", "nothing was changed"
    )


def _lines(sheet: "Sheet", today: date) -> Iterator[dict[str, Any]]:
    from appservice.helplines.showing import is_ageing, is_shown  # noqa: PLC0415

    for row in sheet.rows:
        status, why = "ok", ""
        if row.verified_on is None:
            status, why = "warn", "nobody has confirmed it, and it is not shown"
        elif not is_shown(row, today):
            status, why = "fail", "confirmed more than a year ago, and not shown any more"
        elif is_ageing(row, today):
            status, why = "warn", "confirmed more than half a year ago"
        yield {
            "country": sheet.country,
            "row": row.label,
            "verified_on": row.verified_on and row.verified_on.isoformat(),
            "verified_by": row.verified_by,
            "status": status,
            "why": why,
        }
    for fault in sheet.faults:
        yield {
            "country": sheet.country,
            "row": fault.where,
            "verified_on": None,
            "verified_by": "",
            "status": "fail",
            "why": str(fault),
        }


def _told(line: dict[str, Any]) -> str:
    when = f", {line['verified_on']} by {line['verified_by']}" if line["verified_on"] else ""
    why = f": {line['why']}" if line["why"] else ""
    return f"{line['country']}  {line['row'] or 'file'}{when}{why}"
