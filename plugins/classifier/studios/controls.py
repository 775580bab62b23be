"""Small controls that the studios of the family share."""

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QLabel, QWidget


def choice(name: str, tip: str, entries: Sequence[tuple[str, object]], parent: QWidget | None = None) -> QComboBox:
    """Return a chooser of titles with data behind them."""
    box = QComboBox(parent)
    for title, data in entries:
        box.addItem(title, data)
    box.setAccessibleName(name)
    box.setToolTip(tip)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(6)
    return box


def choose(box: QComboBox, data: object) -> None:
    """Show an entry without telling anybody."""
    box.blockSignals(True)
    box.setCurrentIndex(next(place for place in range(box.count()) if box.itemData(place) == data))
    box.blockSignals(False)


def muted(text: str = "", parent: QWidget | None = None) -> QLabel:
    """Return a label of words beside the matter, which wraps."""
    label = QLabel(text, parent)
    label.setProperty("role", "muted")
    label.setWordWrap(True)
    return label


def titled(text: str, parent: QWidget | None = None) -> QLabel:
    """Return a heading."""
    label = QLabel(text, parent)
    label.setProperty("role", "title")
    return label


def set_role(label: QLabel, role: str) -> None:
    """Give a label the look of another role, such as "error", which follows the theme."""
    label.setProperty("role", role)
    label.style().unpolish(label)
    label.style().polish(label)
