"""The options that many commands share."""

from pathlib import Path
from typing import Annotated

import typer

CONFIG = "circlekeeper.yaml"

ConfigFile = Annotated[
    Path,
    typer.Option(
        "--config",
        envvar="CIRCLEKEEPER_CONFIG",
        metavar="FILE",
        help="The settings, as `circlekeeper init` wrote them.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else.")]

DEFAULT_CONFIG = Path(CONFIG)
