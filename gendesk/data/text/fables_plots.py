"""What a plot of a fable is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plot:
    """A fable to be told, in the notation of gendesk.data.text.fables.

    `roles` are the traits that each role asks for, those it must not have with a minus; `kept` are the words that stay
    the same throughout the fable.
    """

    title: str
    roles: dict[str, str]
    story: str
    moral: str
    kept: tuple[str, ...] = ()
