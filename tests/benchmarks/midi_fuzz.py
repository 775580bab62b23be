"""Mutated MIDI files: each is read, and comes back as it was, or is refused in one sentence.

    python tests/benchmarks/midi_fuzz.py [--quick] [--seed N]

The last line is JSON: `files`, how many were `read` and `refused`, `crashes` (any other exception, or a score that does
not come back), `worst_seconds` to read one, and `peak_mb` of memory of the whole process. A file that takes longer than
a minute ends the script with its bytes in a file beside the temporary ones.
"""

import argparse
import faulthandler
import json
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from gendesk.errors import InputError  # noqa: E402
from gendesk.music.midi_events import MOST_BYTES, chunks  # noqa: E402
from gendesk.music.midi_reading import read_midi  # noqa: E402
from gendesk.music.midi_writing import midi_bytes  # noqa: E402
from tests.support.scores import AWKWARD, HOSTILE, chunk, midi, random_score  # noqa: E402

_TELLING = (b"MTrk", b"MThd", b"\xff\xff\xff\xff", b"\xff\x2f\x00", b"\xff\x51\x03", b"\x00", b"\x7f", b"\x80", b"\xf0")


def mutated(data: bytes, draw: random.Random) -> bytes:
    """Return a file with some bytes changed, cut out, put in, repeated or swapped."""
    found = bytearray(data or b"\x00")
    for _ in range(draw.choice((1, 1, 1, 1, 2, 5, 30))):
        place = draw.randrange(len(found) + 1)
        size = draw.choice((1, 2, 4, 20, 400))
        kind = draw.randrange(6)
        if kind == 0 and place < len(found):
            found[place] = draw.randrange(256)
        elif kind == 1 and place < len(found):
            found[place] ^= 1 << draw.randrange(8)
        elif kind == 2:
            del found[place : place + size]
        elif kind == 3:
            found[place:place] = draw.choice(_TELLING)
        elif kind == 4:
            found[place:place] = found[place : place + size] * draw.choice((1, 3, 200))
        else:
            found[place : place + size] = draw.randbytes(size)
        found = found[: MOST_BYTES + 1] or bytearray(b"\x00")
    return bytes(found)


def mutated_within(data: bytes, draw: random.Random) -> bytes:
    """Return a file with mutations in one of its tracks, whose length in the file is put right."""
    kind, division, tracks = chunks(data)
    if not tracks:
        return mutated(data, draw)
    chosen = draw.randrange(len(tracks))
    tracks[chosen] = mutated(tracks[chosen], draw)
    return midi(*map(chunk, tracks), kind=kind, division=division.to_bytes(2, signed=True))


def outcome(data: bytes) -> tuple[str, float]:
    """Read a file, and write and read what was in it; return what came of it and how long the first reading took."""
    began = time.perf_counter()
    try:
        score = read_midi(data)
        seconds = time.perf_counter() - began
    except InputError as error:
        seconds = time.perf_counter() - began
        sentence = str(error)
        return ("refused" if sentence.endswith(".") and "\n" not in sentence else f"crash: {sentence!r}"), seconds
    except Exception as error:  # noqa: BLE001 (this is what is looked for)
        return f"crash: {error!r}", time.perf_counter() - began
    try:
        return ("read" if read_midi(midi_bytes(score)) == score else "crash: it does not come back"), seconds
    except Exception as error:  # noqa: BLE001 (this is what is looked for)
        return f"crash: {error!r} on the way back", seconds


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    draw = random.Random(chosen.seed)
    files = 500 if chosen.quick else 5_000
    sources = [midi_bytes(random_score(seed)) for seed in range(100)]
    sources += [data for name, (data, _) in AWKWARD.items() if name != "an .rmi file"] * 2
    large = [data for data, _ in HOSTILE.values()]
    counts: Counter[str] = Counter()
    worst = 0.0
    last = Path(tempfile.gettempdir()) / "midi_fuzz.mid"
    for number in range(files):
        if number % 50 == 0:
            data = mutated(draw.choice(large), draw)
        else:
            data = draw.choice((mutated, mutated_within))(draw.choice(sources), draw)
        last.write_bytes(data)
        faulthandler.dump_traceback_later(60, exit=True)
        result, seconds = outcome(data)
        faulthandler.cancel_dump_traceback_later()
        if result.startswith("crash"):
            print(f"file {number}: {result}", flush=True)
        counts[result.split(":")[0]] += 1
        worst = max(worst, seconds)
    last.unlink()
    summary = {"files": files, "read": counts["read"], "refused": counts["refused"], "crashes": counts["crash"]}
    # Linux counts in KiB, macOS in bytes.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(json.dumps(summary | {"worst_seconds": round(worst, 2), "peak_mb": round(peak / 2**20)}))


if __name__ == "__main__":
    main()
