"""Options that several commands share."""

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="End with one JSON object on standard output.")]
RunId = Annotated[str, typer.Argument(metavar="RUN", help="An id, a unique beginning of one, or: latest.")]
