"""The few options of the window, read by hand: typer and rich would cost a tenth of the time until it is painted."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class WindowArguments:
    """`gendesk [--tab FAMILY] [--data-dir DIR]`."""

    tab: str = ""
    data_dir: str = ""


def window_arguments(words: list[str]) -> WindowArguments | None:
    """Return the window's options, or None where a command, a question or anything unknown is for the command line."""
    found = WindowArguments()
    rest = list(words)
    while rest:
        name, equals, value = rest.pop(0).partition("=")
        field = {"--tab": "tab", "--data-dir": "data_dir"}.get(name)
        if field is None:
            return None
        if not equals:
            if not rest:
                return None
            value = rest.pop(0)
        found = replace(found, **{field: value})
    return found
