"""What pitches, drums and scales are called."""

from dataclasses import dataclass

from gendesk.music.score import Key

SHARPS = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")
FLATS = ("C", "D♭", "D", "E♭", "E", "F", "G♭", "G", "A♭", "A", "B♭", "B")
_BLACK = frozenset((1, 3, 6, 8, 10))
_MAJOR = (0, 2, 4, 5, 7, 9, 11)
_MINOR = (0, 2, 3, 5, 7, 8, 10)

# General MIDI Level 1 percussion, pitches 35 to 81.
_DRUMS = (
    *("Acoustic bass drum", "Bass drum", "Side stick", "Acoustic snare", "Hand clap", "Electric snare"),
    *("Low floor tom", "Closed hi-hat", "High floor tom", "Pedal hi-hat", "Low tom", "Open hi-hat", "Low mid tom"),
    *("High mid tom", "Crash cymbal 1", "High tom", "Ride cymbal 1", "Chinese cymbal", "Ride bell", "Tambourine"),
    *("Splash cymbal", "Cowbell", "Crash cymbal 2", "Vibraslap", "Ride cymbal 2", "High bongo", "Low bongo"),
    *("Mute high conga", "Open high conga", "Low conga", "High timbale", "Low timbale", "High agogô", "Low agogô"),
    *("Cabasa", "Maracas", "Short whistle", "Long whistle", "Short guiro", "Long guiro", "Claves"),
    *("High wood block", "Low wood block", "Mute cuica", "Open cuica", "Mute triangle", "Open triangle"),
)
_FIRST_DRUM = 35


def is_black(pitch: int) -> bool:
    """Whether a pitch has a black key."""
    return pitch % 12 in _BLACK


def pitch_name(pitch: int, *, flats: bool = False) -> str:
    """Return the name of a pitch 0 to 127; 60 is C4."""
    return f"{(FLATS if flats else SHARPS)[pitch % 12]}{pitch // 12 - 1}".replace("-", "\N{MINUS SIGN}")


def drum_name(pitch: int) -> str:
    """Return the name of a drum in General MIDI, "" for pitches that have none."""
    place = pitch - _FIRST_DRUM
    return _DRUMS[place] if 0 <= place < len(_DRUMS) else ""


@dataclass(frozen=True)
class Scale:
    """A major or natural minor scale on a root 0 to 11; 0 is C."""

    root: int
    minor: bool = False

    @classmethod
    def of_key(cls, key: Key) -> "Scale":
        """Return the scale of a key signature: every sharp lies a fifth higher."""
        return cls((7 * key.sharps + (9 if key.minor else 0)) % 12, key.minor)

    @property
    def flats(self) -> bool:
        """Whether its signature has flats."""
        fifths = (self.root - (9 if self.minor else 0)) * 7 % 12
        return fifths > 6

    @property
    def name(self) -> str:
        """The name of the root, as "E♭"."""
        return (FLATS if self.flats else SHARPS)[self.root]

    def holds(self, pitch: int) -> bool:
        """Whether a pitch belongs to the scale."""
        return (pitch - self.root) % 12 in (_MINOR if self.minor else _MAJOR)
