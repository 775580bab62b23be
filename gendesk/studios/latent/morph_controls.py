"""The controls of the morph: where pictures come from, their strip, and how it goes from one to the next."""

from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSpinBox,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gendesk.engine.latent.paths import Way
from gendesk.studios.latent.morph_state import MOST_STEPS, MOST_STOPS, Morph
from gendesk.studios.latent.morph_strip import MorphStrip
from gendesk.widgets.icons import icon

_LARGEST_SEED = 9999


class MorphSources(QWidget):
    """Where pictures come from: data and files, samples from the prior, and the point that all pages share."""

    pictures_wanted = Signal()
    sample_wanted = Signal(int)  # the seed
    point_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures = QPushButton(icon("plus"), self.tr("Pictures..."))
        self.pictures.setToolTip(self.tr("Choose held-out pictures, draw one, or open a file of your own"))
        self.pictures.clicked.connect(self.pictures_wanted)
        self.sample = QPushButton(icon("plus"), self.tr("Sample"))
        self.sample.setToolTip(self.tr("Put a code drawn from the prior on the strip, and go on to the next seed"))
        self.sample.clicked.connect(self._want_sample)
        self.seed = QSpinBox(minimum=0, maximum=_LARGEST_SEED, value=1)
        self.seed.setAccessibleName(self.tr("Seed of the next sample"))
        self.seed.setToolTip(self.tr("Where the randomness of the next sample starts: the same seed, the same sample"))
        self.point = QPushButton(icon("plus"), self.tr("Point"))
        self.point.setToolTip(self.tr("Put the point that all pages share on the strip"))
        self.point.clicked.connect(self.point_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self.pictures, self.sample, self.seed, self.point):
            row.addWidget(widget)
        row.addStretch(1)

    def set_model(self, *, known: bool) -> None:
        """Offer something to add once there is a model."""
        self._known = known
        self.set_full(full=False)

    def set_full(self, *, full: bool) -> None:
        """Offer nothing while the strip holds all it can."""
        for widget in (self.pictures, self.sample, self.seed, self.point):
            widget.setEnabled(self._known and not full)

    def _want_sample(self) -> None:
        seed = self.seed.value()
        self.seed.setValue((seed + 1) % (_LARGEST_SEED + 1))
        self.sample_wanted.emit(seed)


class MorphStage(QStackedWidget):
    """The strip, or while it is empty the next step."""

    example_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.strip = MorphStrip()
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self.strip)
        self.example = QPushButton(self.tr("Start With Two Pictures"))
        self.example.setToolTip(self.tr("Put two pictures that differ on the strip"))
        self.example.clicked.connect(self.example_wanted)
        hint = QLabel(self.tr("The pictures to go through will stand here, in a row."))
        hint.setProperty("role", "muted")
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        hint.setWordWrap(True)
        empty = QWidget()
        column = QVBoxLayout(empty)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addStretch(1)
        column.addWidget(hint)
        column.addWidget(self.example, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.addWidget(empty)
        self.addWidget(self._area)
        self.setFixedHeight(self.strip.sizeHint().height() + self._area.horizontalScrollBar().sizeHint().height())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_strip(self, *, filled: bool) -> None:
        """Show the strip if there is anything on it."""
        self.setCurrentIndex(1 if filled else 0)

    def show_stop(self, index: int) -> None:
        """Scroll so that a stop is seen."""
        cell = self.strip.cell(index).center()
        self._area.ensureVisible(cell.x(), cell.y(), 48, 0)


class MorphWayBar(QWidget):
    """What can be done with the chosen stop, the kind of the way, and its number of steps."""

    way_chosen = Signal(object)  # a Way
    steps_chosen = Signal(int)

    def __init__(self, strip: MorphStrip, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strip = strip
        strip.chosen.connect(self._refresh)
        self._buttons = [
            self._button("left", self.tr("Move to the Left (Ctrl+Left)"), partial(self._shift, -1)),
            self._button("right", self.tr("Move to the Right (Ctrl+Right)"), partial(self._shift, 1)),
            self._button("duplicate", self.tr("Duplicate (Ctrl+D)"), self._duplicate),
            self._button("trash", self.tr("Remove (Delete)"), self._remove),
        ]
        self.way = QComboBox()
        self.way.setAccessibleName(self.tr("Way"))
        self.way.setToolTip(
            self.tr(
                "Linear goes straight from code to code. Spherical turns the direction evenly around the origin, and "
                "keeps to the distance\nat which codes of a normal distribution lie; the middle of a straight way is "
                "nearer to the origin than they are."
            )
        )
        self.way.addItem(self.tr("Linear"), Way.LINEAR)
        self.way.addItem(self.tr("Spherical"), Way.SPHERICAL)
        self.way.activated.connect(self._tell_way)
        self.steps = QSpinBox(minimum=1, maximum=MOST_STEPS)
        self.steps.setToolTip(
            self.tr("Steps from each picture to the next; more make the morph smoother, and take longer to draw")
        )
        self.steps.setKeyboardTracking(False)
        self.steps.valueChanged.connect(self.steps_chosen)
        label = QLabel(self.tr("&Steps:"))
        label.setBuddy(self.steps)
        self.steps.setAccessibleName(self.tr("Steps"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for button in self._buttons:
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.way)
        row.addSpacing(4)
        row.addWidget(label)
        row.addWidget(self.steps)

    def _button(self, name: str, text: str, pressed: object) -> QToolButton:
        button = QToolButton(autoRaise=True)
        button.setIcon(icon(name))
        button.setToolTip(text)
        button.setAccessibleName(text.partition(" (")[0])
        button.clicked.connect(pressed)
        return button

    def show_morph(self, morph: Morph) -> None:
        """Show the values of a morph, without telling them."""
        with QSignalBlocker(self.way), QSignalBlocker(self.steps):
            self.way.setCurrentIndex(self.way.findData(morph.way))
            self.steps.setValue(morph.steps)
        self._refresh()

    def _refresh(self) -> None:
        current, count = self._strip.current, self._strip.count
        left, right, duplicate, remove = self._buttons
        left.setEnabled(current > 0)
        right.setEnabled(0 <= current < count - 1)
        duplicate.setEnabled(current >= 0 and count < MOST_STOPS)
        remove.setEnabled(current >= 0)

    def _shift(self, by: int) -> None:
        self._strip.move_current(self._strip.current + by)

    def _duplicate(self) -> None:
        self._strip.duplicated.emit(self._strip.current)

    def _remove(self) -> None:
        self._strip.removed.emit(self._strip.current)

    def _tell_way(self) -> None:
        self.way_chosen.emit(Way(self.way.currentData()))  # Qt has made plain text of it
