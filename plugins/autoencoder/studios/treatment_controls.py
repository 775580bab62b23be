"""What is done to a picture on its way through the model, as controls."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QSpinBox,
    QWidget,
)

from ..copying import ALL_ALIKE, CLEAN, CopyFacts, Treatment

_LAST_SEED = 9999


class TreatmentControls(QWidget):
    """Shows only what matters for a model. `changed` carries the kind of change; `contrast_changed` 1 to 2."""

    changed = Signal(str)
    contrast_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.noise = _chooser(
            self.tr("Noise"),
            self.tr("How the picture is spoilt before the model sees it; a denoising model was trained to undo that"),
        )
        self.noise.currentIndexChanged.connect(self._noise_changed)
        self.amount = _slider(self.tr("Amount of noise"), self.tr("How much is spoilt, in per cent; more hides more"))
        self.amount.setRange(0, 100)
        self.amount.setValue(50)
        self.amount.valueChanged.connect(self._amount_changed)
        self.contrast = _slider(
            self.tr("Contrast"),
            self.tr("How strongly a faint copy is shown: 1 as it is, 2 twice as strong"),
        )
        self.contrast.setRange(100, 200)
        self.contrast.valueChanged.connect(self._tell_contrast)
        self.told = _chooser(
            self.tr("Class"),
            self.tr("What the model is told that the picture shows; another class draws it in the same style"),
        )
        self.told.currentIndexChanged.connect(self._told_changed)
        self._told_title = QLabel(self.tr("Class"))
        self._make_draw_part()
        self._amount_text, self._contrast_text = QLabel(), QLabel()
        self._arrange()
        self.offer(None)

    def _make_draw_part(self) -> None:
        self.drawn = QCheckBox(self.tr("Draw the code"))
        self.drawn.setToolTip(
            self.tr("Draw the code at random from the encoder's Gaussian, as in training, in place of its mean")
        )
        self.drawn.toggled.connect(self._drawn_changed)
        self.seed = QSpinBox()
        self.seed.setRange(0, _LAST_SEED)
        self.seed.setWrapping(True)
        self.seed.setPrefix(self.tr("Seed "))
        self.seed.setAccessibleName(self.tr("Seed"))
        self.seed.setToolTip(self.tr("The same seed draws the same code and the same noise"))
        self.seed.valueChanged.connect(self._seed_changed)
        self.again = QPushButton(self.tr("Draw Again"))
        self.again.setToolTip(self.tr("Draw another code, or other noise, with the next seed"))
        self.again.clicked.connect(self._draw_again)

    def _arrange(self) -> None:
        draw = QHBoxLayout()
        draw.setSpacing(8)
        for control in (self.drawn, self.seed, self.again):
            draw.addWidget(control)
        draw.addStretch(1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        rows: tuple[tuple[QLabel, Sequence[QWidget]], ...] = (
            (self._told_title, (self.told,)),
            (QLabel(self.tr("Noise")), (self.noise, self.amount, self._amount_text)),
            (QLabel(self.tr("Contrast")), (self.contrast, self._contrast_text)),
        )
        for row, (title, widgets) in enumerate(rows):
            grid.addWidget(title, row, 0)
            for place, widget in enumerate(widgets):
                last = place == len(widgets) - 1 and isinstance(widget, QLabel)
                span = 2 if len(widgets) < 3 and not last else 1
                grid.addWidget(widget, row, 3 if last else 1 + place, 1, span)
        for text in (self._amount_text, self._contrast_text):
            text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            text.setMinimumWidth(text.fontMetrics().horizontalAdvance("100 %  "))
        grid.addLayout(draw, len(rows), 0, 1, 4)
        grid.setColumnStretch(2, 1)

    def offer(self, facts: CopyFacts | None) -> None:
        """Offer what a model makes sense with; nothing is told by this."""
        channels = 1 if facts is None else facts.picture_shape[2]
        noises = [
            (self.tr("No noise"), CLEAN),
            (self.tr("Gaussian"), "gaussian"),
            (self.tr("Salt and pepper"), "salt-and-pepper"),
            (self.tr("Hidden square"), "hidden"),
        ]
        _fill(self.noise, [*noises, (self.tr("No colours"), "grey")] if channels == 3 else noises)
        classes = () if facts is None else facts.classes
        _fill(self.told, [(self.tr("All alike"), ALL_ALIKE), *((name, index) for index, name in enumerate(classes))])
        for widget in (self.told, self._told_title):
            widget.setVisible(bool(classes))
        self.drawn.setVisible(facts is not None and facts.variational)
        self.setVisible(facts is not None)
        self._refresh()

    def treatment(self, before: Treatment) -> Treatment:
        """Return what is set here, with the edits of an earlier treatment."""
        return replace(
            before,
            noise=self.noise.currentData(),
            amount=self.amount.value() / 100,
            told=self.told.currentData(),
            drawn=self.drawn.isChecked(),
            seed=self.seed.value(),
        )

    def show_treatment(self, treatment: Treatment) -> None:
        """Show a treatment without telling anybody."""
        controls = (self.noise, self.amount, self.told, self.drawn, self.seed)
        before = [control.blockSignals(True) for control in controls]
        self.noise.setCurrentIndex(max(0, self.noise.findData(treatment.noise)))
        self.amount.setValue(round(treatment.amount * 100))
        self.told.setCurrentIndex(max(0, self.told.findData(treatment.told)))
        self.drawn.setChecked(treatment.drawn)
        self.seed.setValue(treatment.seed)
        for control, blocked in zip(controls, before, strict=True):
            control.blockSignals(blocked)
        self._refresh()

    def _refresh(self) -> None:
        noisy = self.noise.currentData() != CLEAN
        self.amount.setEnabled(noisy)
        self._amount_text.setText(self.tr("{amount} %").format(amount=self.amount.value()) if noisy else "")
        self._contrast_text.setText(f"{self.contrast.value() / 100:.2f}")
        random = noisy or not self.drawn.isHidden()
        for widget in (self.seed, self.again):
            widget.setVisible(random)

    def _noise_changed(self) -> None:
        self._refresh()
        self.changed.emit("")

    def _amount_changed(self) -> None:
        self._refresh()
        self.changed.emit("amount")

    def _told_changed(self) -> None:
        self.changed.emit("")

    def _drawn_changed(self) -> None:
        self.changed.emit("")

    def _seed_changed(self) -> None:
        self.changed.emit("seed")

    def _draw_again(self) -> None:
        """Take the next seed; where codes are what can be drawn, draw them from now on."""
        self.seed.blockSignals(True)
        self.seed.stepUp()
        self.seed.blockSignals(False)
        if self.noise.currentData() == CLEAN:
            self.drawn.blockSignals(True)
            self.drawn.setChecked(True)
            self.drawn.blockSignals(False)
        self.changed.emit("")

    def _tell_contrast(self) -> None:
        self._refresh()
        self.contrast_changed.emit(self.contrast.value() / 100)


def _chooser(name: str, tip: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setToolTip(tip)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return box


def _slider(name: str, tip: str) -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setAccessibleName(name)
    slider.setToolTip(tip)
    return slider


def _fill(box: QComboBox, entries: Sequence[tuple[str, object]]) -> None:
    """Offer entries without telling anybody; the first one is chosen."""
    before = box.blockSignals(True)
    box.clear()
    for title, data in entries:
        box.addItem(title, data)
    box.blockSignals(before)
