"""What the search for near training pictures has found: of one picture in full, of many samples in a sorted sheet."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gendesk.engine.latent.novelty import CLOSE, MEMORISED, Found, Measure, Prepared, Verdict, share_nearer, verdict
from gendesk.studios.latent.novelty_histogram import distance_text
from gendesk.studios.latent.shares import percent
from gendesk.studios.latent.tone_label import Tone, ToneLabel
from gendesk.widgets.pictures.mosaic_view import MosaicView
from gendesk.widgets.pictures.view import PictureView

_LEAST = 64  # logical pixels: what a low window leaves of the picture


class OnePicture(QWidget):
    """A picture, the verdict on it, and its nearest training pictures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = PictureView()
        self.picture.setMinimumSize(_LEAST, _LEAST)
        self.picture.setAccessibleName(self.tr("Picture that is looked at"))
        self.word = ToneLabel()
        self.word.setProperty("role", "title")
        self.word.setAccessibleName(self.tr("Verdict"))
        self.word.setToolTip(
            self.tr(
                "Memorised: as near to a training picture as the nearest {memorised} of held-out pictures are to "
                "theirs. Close: as the nearest {close}. Some held-out pictures have these marks, too: a mark is a "
                "reason to look, and many marks among samples are a reason to worry."
            ).format(memorised=percent(MEMORISED), close=percent(CLOSE))
        )
        self.facts = QLabel()
        self.facts.setWordWrap(True)
        self.facts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words = QVBoxLayout()
        words.setSpacing(8)
        words.addWidget(self.word)
        words.addWidget(self.facts)
        words.addStretch(1)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.picture, 2)
        head.addLayout(words, 3)
        heading = QLabel(self.tr("Nearest training pictures, with their distances"))
        heading.setProperty("role", "muted")
        self.neighbours = MosaicView()
        self.neighbours.setAccessibleName(self.tr("Nearest training pictures"))
        self.neighbours.setMinimumHeight(88)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head, 1)
        column.addWidget(heading)
        column.addWidget(self.neighbours, 2)

    def show_found(self, found: Found, prepared: Prepared, measure: Measure) -> None:
        """Show the first of the pictures that were looked at."""
        distance, usual = float(found.distances[0, 0]), prepared.usual
        words: dict[Verdict, tuple[str, Tone]] = {
            Verdict.MEMORISED: (self.tr("Memorised"), "bad"),
            Verdict.CLOSE: (self.tr("Close to a training picture"), "warning"),
            Verdict.NEW: (self.tr("New"), "good"),
        }
        self.word.say(*words[verdict(distance, usual)])
        self.picture.set_picture(found.pictures[0])
        lines = [
            self.tr("Nearest training picture: {distance} away.").format(distance=distance_text(distance)),
            self.tr("{share} of held-out pictures lie nearer to theirs.").format(
                share=percent(share_nearer(distance, usual))
            ),
        ]
        if measure is Measure.FEATURES:
            lines.append(
                self.tr("In pixels: {levels} of 255 away on average.").format(
                    levels=distance_text(float(found.pixels[0, 0]))
                )
            )
        self.facts.setText("\n".join(lines))
        captions = tuple(distance_text(away) for away in found.distances[0].tolist())
        self.neighbours.set_tiles(found.neighbours[0], None, captions, ())

    def sizeHint(self) -> QSize:
        return QSize(360, 360)


class ManySamples(QWidget):
    """Samples of the model, the nearest to a training picture first; `chosen` carries the one that was clicked."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facts = QLabel()
        self.facts.setWordWrap(True)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.sheet = MosaicView()
        self.sheet.setAccessibleName(self.tr("Samples, the nearest to a training picture first"))
        self.sheet.setToolTip(self.tr("Click a sample to see its nearest training pictures"))
        self.sheet.setMinimumHeight(160)
        self.sheet.activated.connect(self.chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.facts)
        column.addWidget(self.sheet, 1)

    def show_found(self, found: Found, prepared: Prepared) -> None:
        """Show pictures that are sorted by their distance."""
        distances = found.distances[:, 0]
        share = memorised_share(distances, prepared)
        self.facts.setText(
            self.tr(
                "{count} samples: mean distance {mean}, held out {usual}. Memorised: {share}, held out {few}."
            ).format(
                count=len(distances),
                mean=distance_text(float(distances.mean())),
                usual=distance_text(float(prepared.usual.mean())),
                share=percent(share),
                few=percent(memorised_share(prepared.usual, prepared)),
            )
        )
        captions = tuple(distance_text(distance) for distance in distances.tolist())
        self.sheet.set_tiles(found.pictures, None, captions, ())


def memorised_share(distances: NDArray[np.floating], prepared: Prepared) -> float:
    """Return the share of pictures, in [0, 1], that count as memorised."""
    marks = [verdict(distance, prepared.usual) is Verdict.MEMORISED for distance in distances.tolist()]
    return sum(marks) / len(marks)
