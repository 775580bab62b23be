"""What notes are sent to: a MIDI port, the built-in synthesiser or FluidSynth."""

from typing import Protocol

VOLUME = 7
"""The controller of a channel's volume; 100 where nobody has turned it, as General MIDI has it."""

PAN = 10
EXPRESSION = 11
PEDAL = 64
ALL_SOUND_OFF = 120
RESET_CONTROLLERS = 121
ALL_NOTES_OFF = 123

DEFAULT_VOLUME = 100
CHANNELS = 16


class Output(Protocol):
    """Takes the messages of MIDI 1.0 that gendesk sends: channels 0 to 15, everything else 0 to 127.

    Calls come from any thread, but from one at a time, and return at once. Where something fails, such as a port that
    was pulled out, they raise a GendeskError; after `close` they do nothing.
    """

    def note_on(self, channel: int, pitch: int, velocity: int) -> None:
        """Let a note begin; the velocity is at least 1."""

    def note_off(self, channel: int, pitch: int) -> None:
        """Let a note end."""

    def program(self, channel: int, program: int) -> None:
        """Choose the instrument of a channel, as General MIDI counts them, from 0."""

    def control(self, channel: int, number: int, value: int) -> None:
        """Turn a controller."""

    def all_off(self) -> None:
        """End every note on every channel, also those that a pedal holds."""

    def close(self) -> None:
        """End every note and give back what was opened; again, it does nothing."""
