"""The command that lists MIDI ports."""

from dataclasses import asdict

from rich.table import Table

from gendesk.commands.options import Json
from gendesk.terminal import output, print_json


def ports(as_json: Json = False) -> None:
    """List the MIDI ports that notes can be sent to, and come from."""
    from gendesk.music.ports import input_ports, output_ports, why_none

    outputs, inputs = output_ports(), input_ports()
    reason = why_none()
    if as_json:
        both = {"outputs": [asdict(port) for port in outputs], "inputs": [asdict(port) for port in inputs]}
        print_json({**both, "problem": reason})
        return
    if not outputs and not inputs:
        output.print(reason or "No MIDI port is connected.")
        return
    table = Table(box=None, pad_edge=False)
    for title in ("Direction", "Name", "System"):
        table.add_column(title, no_wrap=True)
    for direction, found in (("output", outputs), ("input", inputs)):
        for port in found:
            table.add_row(direction, port.name, port.api)
    output.print(table)
