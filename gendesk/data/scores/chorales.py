"""Four-voice pieces in the manner of chorales: a plan of phrases and keys, harmony, voice leading and ornaments."""

from dataclasses import dataclass
from functools import partial
from random import Random

import numpy as np

from gendesk.data.dataset import Float32Array
from gendesk.data.progress import Progress
from gendesk.data.scores.harmony import CADENCES, chords_of, phrase
from gendesk.data.scores.ornaments import Texture
from gendesk.data.scores.reading import Candidate, RawScores
from gendesk.data.scores.voicing import Voicings, cheapest, voicings
from gendesk.music.score import Key, Meter, Score, Tempo, Track

COUNT = 400
_VERSION = "1"
_SEED = 1_723
_NAMES = ("Soprano", "Alto", "Tenor", "Bass")
_VELOCITIES = (86, 76, 76, 82)
_CHOIR = 52
_KEYS = (-4, -3, -2, -2, -1, -1, 0, 0, 0, 1, 1, 1, 2, 2, 3, 4)
_NEVER = np.float32(1e6)
# Where the middle phrases may go: how far the tonic moves, and whether it is minor there.
_NEAR_MAJOR = ((7, False, 4.0), (9, True, 2.0), (5, False, 1.0), (2, True, 1.0))
_NEAR_MINOR = ((3, False, 4.0), (7, True, 1.5), (5, True, 1.0))
_BARS = {
    4: (((1, 1, 1, 1), 6.0), ((2, 1, 1), 2.0), ((1, 1, 2), 1.5), ((2, 2), 1.0)),
    3: (((1, 1, 1), 5.0), ((2, 1), 5.0)),
}
_MIDDLE = {"authentic": 3.0, "half": 3.0, "authentic with a seventh": 2.0, "plagal": 0.5}
_LAST = {"authentic": 2.0, "authentic with a seventh": 3.0, "cadential six-four": 3.0, "plagal": 0.8}


@dataclass(frozen=True)
class Phrase:
    """Chords by their names with their beats, in the key of a tonic, 0 for C, up to a cadence."""

    tonic: int
    minor: bool
    cadence: str
    chords: tuple[str, ...]
    beats: tuple[int, ...]


@dataclass(frozen=True)
class Chorale:
    """A piece with what it was made from."""

    score: Score
    phrases: tuple[Phrase, ...]
    texture: Texture


def version() -> str:
    return _VERSION


def read(progress: Progress) -> RawScores:
    """List the pieces, each of which is composed when it is read."""
    progress.update(0.0, "Composing chorales")
    return RawScores(tuple(Candidate(f"Chorale {number + 1}", partial(_score, number)) for number in range(COUNT)))


def _score(number: int) -> Score:
    return compose(number).score


def compose(number: int) -> Chorale:
    """Compose one piece, always the same one for a number."""
    rng = Random(_SEED + number)
    sharps, minor = rng.choice(_KEYS), rng.random() < 0.4
    tonic = (7 * sharps + (9 if minor else 0)) % 12
    beats = 3 if rng.random() < 0.25 else 4
    while True:  # a plan that no four voices can follow is drawn anew
        phrases = _plan(rng, tonic, beats, minor=minor)
        texture = _sung(rng, phrases)
        if texture is not None:
            break
    tracks = tuple(
        Track(texture.notes(voice, _VELOCITIES[voice]), name, _CHOIR, voice) for voice, name in enumerate(_NAMES)
    )
    score = Score(
        tracks=tracks,
        tempos=(Tempo(0.0, float(rng.randrange(72, 101, 4))),),
        meters=(Meter(0.0, beats, 4),),
        keys=(Key(0.0, sharps, minor),),
        title=f"Chorale {number + 1}",
    )
    return Chorale(score, tuple(phrases), texture)


def _plan(rng: Random, tonic: int, beats: int, *, minor: bool) -> list[Phrase]:
    """Draw the phrases of a piece: 2 bars each of four beats, or 4 bars of three; the first two may come twice."""
    count = rng.choice((4, 4, 5, 6, 6, 7, 8)) if beats == 4 else rng.choice((2, 3, 4, 4))
    repeats = count >= 6 and rng.random() < 0.5
    phrases: list[Phrase] = []
    for number in range(count):
        last = number == count - 1
        if repeats and number in (2, 3):
            phrases.append(phrases[number - 2])
            continue
        place, mode = tonic, minor
        if 0 < number < count - 1 and rng.random() < 0.5:
            near = _NEAR_MINOR if minor else _NEAR_MAJOR
            step, mode, _ = rng.choices(near, [one[2] for one in near])[0]
            place = (tonic + step) % 12
        phrases.append(_phrase(rng, place, beats, minor=mode, last=last))
    return phrases


def _phrase(rng: Random, tonic: int, beats: int, *, minor: bool, last: bool) -> Phrase:
    cadences = _LAST if last else _MIDDLE
    cadence = rng.choices(list(cadences), list(cadences.values()))[0]
    bars = _rhythm(rng, beats, cadence, last=last)
    chords = phrase(rng, len(bars), cadence, minor=minor, start=rng.choice(("I", "I", "I", "V")) if not last else "I")
    if last and minor and cadence != "plagal" and rng.random() < 0.4:
        chords[-1] = "I+"  # the third of Picardy
    return Phrase(tonic, minor, cadence, tuple(chords), tuple(bars))


def _rhythm(rng: Random, beats: int, cadence: str, *, last: bool) -> list[int]:
    """Draw how long the chords of a phrase last, in beats; the last one is long."""
    kinds = [bar for bar, _ in _BARS[beats]]
    weights = [weight for _, weight in _BARS[beats]]
    if beats == 4:
        if last and rng.random() < 0.4:
            return [1, 1, 1, 1, 4]
        return [*rng.choices(kinds, weights)[0], 1, 1, 2]
    before = (2, 1) if cadence == "cadential six-four" else rng.choices(kinds, weights)[0]
    return [*rng.choices(kinds, weights)[0], *rng.choices(kinds, weights)[0], *before, 3]


def _sung(rng: Random, phrases: list[Phrase]) -> Texture | None:
    """Put the phrases into four voices; None where no way keeps the rules."""
    row: list[Voicings] = []
    extra: list[Float32Array] = []
    tastes: dict[Phrase, list[Float32Array]] = {}
    for number, one in enumerate(phrases):
        chords = chords_of(minor=one.minor)
        ways = [voicings(chords[name], one.tonic, minor=one.minor) for name in one.chords]
        if one not in tastes:
            tastes[one] = _taste(rng, ways, one, last=number == len(phrases) - 1)
        row += ways
        extra += tastes[one]
    pitches = cheapest(row, extra)
    if pitches is None:
        return None
    beats = [beat for one in phrases for beat in one.beats]
    tonics = [one.tonic for one in phrases for _ in one.chords]
    minors = [one.minor for one in phrases for _ in one.chords]
    texture = Texture(pitches, beats, tonics, minors)
    ends = np.cumsum([len(one.chords) for one in phrases]) - 1
    texture.adorn(rng, frozenset(ends.tolist()))
    return texture


def _taste(rng: Random, ways: list[Voicings], one: Phrase, *, last: bool) -> list[Float32Array]:
    """Draw what each way costs beside the rules: the soprano follows an arch, and every pitch is liked or not."""
    count = len(ways)
    low, high = rng.uniform(65, 69), rng.uniform(71, 76)
    peak = rng.uniform(0.2, 0.75) * count
    cadence = max(2, len(CADENCES[one.cadence]))
    drawn = np.random.default_rng(rng.getrandbits(32))
    costs = []
    for at, way in enumerate(ways):
        rise = at / peak if at < peak else (count - at) / (count - peak)
        target = low + (high - low) * rise
        liking = drawn.normal(0.0, 0.7, (2, 128)).astype(np.float32)
        soprano, bass = way.pitches[:, 0], way.pitches[:, 3]
        cost = 0.12 * np.abs(soprano - target).astype(np.float32) + liking[0, soprano] + 0.5 * liking[1, bass]
        if at >= count - cadence and way.chord.name != "I64":  # the chords of a cadence stand on their roots
            cost += _NEVER * (bass % 12 != (way.chord.tones[0] + way.tonic) % 12)
        if last and at == count - 1:
            cost += _NEVER * (soprano % 12 != way.tonic)
        costs.append(cost.astype(np.float32))
    return costs
