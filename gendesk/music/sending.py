"""What a player sends to its output: messages as the listener's mix has them, and what must sound at a place."""

from gendesk.music.mixing import Mix
from gendesk.music.output import Output
from gendesk.music.schedule import METRONOME, Kind, Message, Schedule
from gendesk.music.score import DRUMS

_SHORTEST = 0.05
"""Seconds that must be left of a note for it to begin in its middle; less would be a click."""

Key = tuple[int, int]
"""A channel and a pitch."""


class Sender:
    """Knows what sounds on an output; whatever fails raises the GendeskError of the output."""

    def __init__(self, output: Output) -> None:
        self.output = output
        self.mix = Mix()
        self._sounding: dict[Key, int] = {}  # the track of each key that sounds

    def send(self, message: Message) -> None:
        """Send one message, as far as its track is heard."""
        key = (message.channel, message.first)
        if message.kind is Kind.CONTROL:
            self.output.control(*self.mix.controlled(message))
        elif message.kind is Kind.NOTE_OFF:
            if self._sounding.pop(key, None) is not None:
                self.output.note_off(*key)
        elif self.mix.audible(message.track):
            self._sounding[key] = message.track
            self.output.note_on(*key, message.second)

    def chase(self, schedule: Schedule, place: int, seconds: float) -> None:
        """Tell the output what holds before the message at a place, where it is `seconds` of the score.

        These are instruments, volumes and controllers, and the notes that began before and sound on; drums do not.
        """
        for message in self.mix.beginnings(schedule, place):
            if message.kind is Kind.CONTROL:
                self.output.control(message.channel, message.first, message.second)
            else:
                self.output.program(message.channel, message.first)
        for message in _held(schedule, place, seconds + _SHORTEST):
            if (message.channel, message.first) not in self._sounding:
                self.send(message)

    def end_all_but(self, kept: set[Key]) -> None:
        """End the keys that sound and are not among these."""
        for key in [key for key in self._sounding if key not in kept]:
            del self._sounding[key]
            self.output.note_off(*key)

    def end_inaudible(self) -> None:
        """End the keys of tracks that are no longer heard."""
        self.end_all_but({key for key, track in self._sounding.items() if self.mix.audible(track)})

    def covered(self, schedule: Schedule, place: int) -> set[Key]:
        """Return the sounding keys that a schedule ends from a place on, too, before it begins them again."""
        kept = set()
        waiting = dict(self._sounding)
        for message in schedule.messages[place:]:
            key = (message.channel, message.first)
            if not waiting:
                break
            if message.kind is not Kind.CONTROL and waiting.get(key) == message.track:
                del waiting[key]
                if message.kind is Kind.NOTE_OFF:
                    kept.add(key)
        return kept

    def forget(self) -> None:
        """Take it that nothing sounds, as on an output that is broken."""
        self._sounding.clear()

    def silence(self) -> None:
        """End everything."""
        self._sounding.clear()
        self.output.all_off()


def _held(schedule: Schedule, place: int, until: float) -> list[Message]:
    """Return the beginnings of notes that began before a message's place and end after `until`, in seconds."""
    held: dict[Key, Message] = {}
    for message in schedule.messages[:place]:
        if message.kind is Kind.NOTE_ON and message.channel != DRUMS and message.track != METRONOME:
            held[message.channel, message.first] = message
        elif message.kind is Kind.NOTE_OFF:
            held.pop((message.channel, message.first), None)
    waiting = set(held)
    for message in schedule.messages[place:]:
        if not waiting or message.seconds > until:
            break
        key = (message.channel, message.first)
        if message.kind is Kind.NOTE_OFF and key in waiting:
            waiting.remove(key)
            del held[key]
    return list(held.values())
