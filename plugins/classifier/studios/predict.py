"""What the network takes a picture for, and where it looks: live, also while one draws and while it is trained."""

from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from gendesk.data.dataset import UInt8Array
from gendesk.widgets.network.class_bars import ClassBars
from gendesk.widgets.network.colors import tinted
from gendesk.widgets.network.value_picture import ValuePicture

from ..explaining import FloatArray, OcclusionQuestion, occlusion, probabilities
from .on_model import PictureStudio, quiet_timer

_QUIET_MS = 150  # a map takes some hundred pictures: it waits until the pen rests
_FAINTEST = 0.05  # a map whose largest fall is below this is not blown up to full colours


class PredictStudio(PictureStudio):
    """Probabilities of one picture as bars, and a map of how they fall where a grey square covers the picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Predict"))
        self._picture: UInt8Array | None = None
        self._falls: FloatArray | None = None
        self._wait = quiet_timer(self, _QUIET_MS)
        self._wait.timeout.connect(self._ask_map)
        self.bars = ClassBars()
        self.bars.empty_text = self.tr(
            "Train a network and choose or draw a picture: what the network takes it for appears here."
        )
        self.bars.setToolTip(self.tr("Click a class to see which parts of the picture speak for it"))
        self.bars.chosen.connect(self._show_map)
        self.map = ValuePicture()
        self.map.setAccessibleName(self.tr("Occlusion map"))
        self.map.empty_text = self.tr("Where the network looks")
        self.map.pointed.connect(self._read_pixel)
        self._content = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._content.setSpacing(8)
        self._content.addLayout(self._make_map_part(), 3)
        self._content.addLayout(self._make_bars_part(), 4)
        self.box.addLayout(self._content, 1)

    def _make_bars_part(self) -> QVBoxLayout:
        self._held_out_text = QLabel(wordWrap=True)
        self._held_out_text.setProperty("role", "muted")
        part = QVBoxLayout()
        part.setSpacing(4)
        part.addWidget(self._held_out_text)
        part.addWidget(self.bars, 1)
        return part

    def _make_map_part(self) -> QBoxLayout:
        self._question = QLabel(self.tr("Where does the network look?"))
        self._question.setProperty("role", "title")
        self._question.setWordWrap(True)
        self._reading = QLabel(wordWrap=True)
        self._reading.setProperty("role", "muted")
        self._reading.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.square = QSlider(Qt.Orientation.Horizontal)
        self.square.setRange(1, 8)
        self.square.setValue(6)
        self.square.setAccessibleName(self.tr("Side of the square"))
        self.square.setToolTip(
            self.tr("Side of the grey square in pixels. A small one finds details, a large one whole parts.")
        )
        self.square.valueChanged.connect(self._size_changed)
        self._size_text = QLabel()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(QLabel(self.tr("Square")))
        row.addWidget(self.square, 1)
        row.addWidget(self._size_text)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._question)
        words.addLayout(row)
        words.addWidget(self._reading, 1)
        part = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        part.setSpacing(8)
        part.addWidget(self.map, 1)
        part.addLayout(words, 1)
        self._map_part = part
        self._tell_size()
        return part

    def arrange(self, *, wide: bool) -> None:
        super().arrange(wide=wide)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._content.setDirection(across if wide else down)
        self._map_part.setDirection(QBoxLayout.Direction.BottomToTop if wide else across)
        self._map_part.setStretch(1, 0 if wide else 1)
        self._reading.setMinimumHeight(2 * self._reading.fontMetrics().lineSpacing() + 2 if wide else 0)
        self.map.set_at_top(wide)

    def forget(self) -> None:
        self._picture = self._falls = None
        self.bars.clear()
        self.map.set_picture(None)
        self._held_out_text.hide()
        self._tell()

    def model_known(self) -> None:
        super().model_known()
        assert self.facts is not None
        largest = max(1, min(self.facts.image_shape[1:]) // 2)
        if self.square.maximum() != largest:
            self.square.setRange(1, largest)
            self.square.setValue(max(2, largest // 2))

    def show_again(self) -> None:
        self._show_map()

    def ask_model(self) -> None:
        picture = self.own.picture()
        if picture is None:
            self.forget()
        else:
            self.ask("probabilities", probabilities, picture)
            self._wait.start()

    def _size_changed(self) -> None:
        self._tell_size()
        if self.facts is not None:
            self._wait.start()

    def _tell_size(self) -> None:
        self._size_text.setText(self.tr("{size} px").format(size=self.square.value()))

    def _ask_map(self) -> None:
        picture = self.own.picture()
        if picture is not None:
            self.ask("map", occlusion, OcclusionQuestion(picture, self.square.value()))

    def answered(self, asker: str, argument: Any, result: Any) -> None:
        assert self.facts is not None
        if self.own.picture() is None:
            return
        if asker == "probabilities":
            if self._picture is None or not np.array_equal(self._picture, argument):
                self._picture, self._falls = argument, None
            self.bars.set_values(self.facts.classes, result)
            caption = self.caption_of(argument)
            self._held_out_text.setText(self.tr("Held-out picture: {words}").format(words=caption) if caption else "")
            self._held_out_text.setVisible(bool(caption))
        else:
            self._picture, self._falls = argument.picture, result
        self._show_map()

    @property
    def explained(self) -> int | None:
        """The class whose map is shown: the chosen one, else the winner."""
        return self.bars.winner if self.bars.choice is None else self.bars.choice

    def _show_map(self) -> None:
        shown = self.explained
        if self._picture is None or shown is None:
            return
        if self._falls is None:
            self.map.set_picture(self._picture)
        else:
            falls = self._falls[shown]
            self.map.set_picture(tinted(self._picture, falls, max(_FAINTEST, float(np.abs(falls).max()))))
        self._tell()

    def _read_pixel(self, _row: int, _column: int) -> None:
        self._tell()

    def _tell(self) -> None:
        """Say what the map answers, and what it says at the pixel under the mouse."""
        shown, pixel = self.explained, self.map.pixel
        if self.facts is None or shown is None or self._falls is None:
            self._question.setText(self.tr("Where does the network look?"))
            self._reading.setText(
                self.tr("A grey square slides over the picture; where the probability falls, the network looks.")
            )
            return
        name = self.facts.classes[shown]
        why = self.tr("Why {name}?") if shown == self.bars.winner else self.tr("Why not {name}?")
        self._question.setText(why.format(name=name))
        falls = self._falls[shown]
        if pixel is None:
            text = self.tr(
                "Orange speaks for {name}: covered, it falls by up to {most} points. Blue speaks against it: it rises "
                "by up to {least}."
            )
            most, least = (f"{max(0.0, float(value)) * 100:.1f}" for value in (falls.max(), -falls.min()))
            self._reading.setText(text.format(name=name, most=most, least=least))
            return
        fall = float(falls[pixel])
        text = self.tr("Covered here, {name} falls by {points} points.")
        if fall < 0:
            text = self.tr("Covered here, {name} rises by {points} points.")
        self._reading.setText(text.format(name=name, points=f"{abs(fall) * 100:.1f}"))
