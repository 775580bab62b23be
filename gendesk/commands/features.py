"""The command that finds or trains the feature network of a data set."""

from typing import Annotated

import typer

from gendesk.commands.options import Json
from gendesk.terminal import errors, output, print_json, stop_signals


def features(
    context: typer.Context,
    data: Annotated[str, typer.Argument(metavar="DATA", help="A data set's name, or a folder or file of pictures.")],
    target: Annotated[str, typer.Option(help="An attribute of the data to tell apart; default: its classes.")] = "",
    as_json: Json = False,
) -> None:
    """Find the network whose features tell the pictures of a data set apart; train it if there is none."""
    with stop_signals() as signals:
        from gendesk.engine.engine import Engine

        engine = Engine(context.obj)
        network = engine.features.get(data, target=target, told=errors.print, cancelled=lambda: bool(signals))
    if as_json:
        facts = {"run": network.run_id, "step": network.step, "target": target, "accuracy": network.accuracy}
        print_json({**facts, "feature_size": network.model.feature_size, "classes": list(network.classes)})
        return
    output.print(
        f"{network.run_id} tells {network.accuracy:.1%} of the held-out pictures apart; "
        f"it gives {network.model.feature_size} features."
    )
