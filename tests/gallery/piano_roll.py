"""The piano roll with its tools, and a piece in four voices in it.

    python tests/gallery/piano_roll.py FOLDER

writes it, an empty one and one coloured by numbers as pictures, light and dark, at 1280x800, 1920x1080 and 380x560;
`show.py piano_roll` opens it.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from gendesk.music.score import Key, Meter, Note, Score, Tempo, Track

# A cadence of eight bars in G major, soprano to bass: (pitch, beats).
_VOICES = {
    "Soprano": [
        *((71, 1), (71, 1), (72, 1), (74, 1), (74, 1), (72, 1), (71, 1), (69, 1), (67, 1), (67, 1), (69, 1), (71, 1)),
        *((71, 1.5), (69, 0.5), (69, 2), (71, 1), (72, 0.5), (74, 0.5), (76, 1), (74, 1), (72, 1), (71, 1), (69, 1)),
        *((67, 1), (69, 1), (71, 0.5), (69, 0.5), (69, 1), (66, 1), (67, 4)),
    ],
    "Alto": [
        *((67, 1), (67, 1), (66, 1), (67, 1), (67, 1), (69, 1), (67, 1), (66, 1), (64, 1), (64, 1), (66, 1), (67, 1)),
        *((67, 1.5), (66, 0.5), (66, 2), (67, 1), (69, 1), (67, 1), (67, 1), (66, 1), (67, 1), (66, 1), (64, 1)),
        *((66, 0.5), (64, 0.5), (62, 1), (64, 1), (62, 1), (62, 4)),
    ],
    "Tenor": [
        *((62, 2), (62, 1), (59, 1), (62, 1), (60, 1), (62, 1), (62, 1), (59, 1), (60, 1), (62, 1), (62, 1), (62, 2)),
        *((62, 2), (62, 1), (60, 1), (60, 1), (62, 1), (62, 1), (62, 1), (60, 1), (59, 1), (62, 1), (59, 1), (60, 1)),
        *((60, 1), (59, 4)),
    ],
    "Bass": [
        *((55, 1), (43, 1), (50, 1), (55, 1), (47, 1), (54, 1), (55, 1), (50, 1), (52, 1), (48, 1), (50, 1), (43, 1)),
        *((50, 2), (50, 2), (55, 0.5), (53, 0.5), (52, 0.5), (50, 0.5), (48, 1), (47, 1), (50, 1), (55, 1), (50, 1)),
        *((52, 1), (50, 1), (43, 1), (48, 1), (50, 1), (43, 4)),
    ],
}


def score() -> Score:
    tracks = []
    for number, (name, voice) in enumerate(_VOICES.items()):
        notes, beat = [], 0.0
        for place, (pitch, length) in enumerate(voice):
            accent = 18 if beat % 4 == 0 else 8 if beat % 2 == 0 else 0
            notes.append(Note(beat, pitch, float(length), 70 + accent + (place * 7 + number * 5) % 11))
            beat += length
        tracks.append(Track(tuple(sorted(notes)), name, 52, number))
    return Score(tuple(tracks), (Tempo(0, 84),), (Meter(0, 4, 4),), (Key(0, 1),), "Chorale in G")


def build() -> QWidget:
    return page_of("piece")


def page_of(kind: str) -> QWidget:
    """Make a roll with its tools: with a "piece", the same with "values", or "empty"."""
    from gendesk.widgets.piano_roll.names import Scale
    from gendesk.widgets.piano_roll.roll import PianoRoll
    from gendesk.widgets.piano_roll.tools import RollTools

    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    roll = PianoRoll(page)
    column.addWidget(RollTools(roll, page))
    column.addWidget(roll, 1)
    if kind == "empty":
        return page
    piece = score()
    roll.set_score(piece)
    roll.set_scale(Scale.of_key(piece.keys[0]))
    roll.set_loop(8, 16)
    roll.set_position(10.5)
    roll.select(piece.tracks[0].notes[8:12])
    if kind == "values":
        chances = {note: (place * 37 % 100) / 100 for place, note in enumerate(piece.tracks[0].notes)}
        roll.set_values(chances, "Probability")
    return page


def main() -> int:
    from gendesk.widgets.theme import apply_theme

    folder = Path(sys.argv[1])
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    for scheme in ("light", "dark"):
        apply_theme(app, scheme)
        for name in ("piece", "empty", "values"):
            page = page_of(name)
            for size in ((1280, 800), (1920, 1080), (380, 560)):
                page.resize(*size)
                page.show()
                for _ in range(3):
                    app.processEvents()
                page.grab().save(str(folder / f"roll-{name}-{scheme}-{size[0]}.png"))
            page.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
