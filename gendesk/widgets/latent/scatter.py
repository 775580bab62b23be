"""Points of a plane coloured by class, to look at: the latent plane without a model behind it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gendesk.widgets.latent.class_legend import ClassLegend
from gendesk.widgets.latent.framed_plane import FramedPlane
from gendesk.widgets.latent.geometry import P_WINDOW


class Scatter(QWidget):
    """Wheel zooms, a right drag moves the plane, a click on a class hides it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Scatter"))
        self.plane = FramedPlane()
        self.plane.empty_text = self.tr("Codes of pictures will appear here.")
        self.plane.setAccessibleName(self.tr("Points"))
        self.plane.setToolTip(self.tr("Wheel zooms, right or middle button drags the plane, a double click resets it."))
        self.legend = ClassLegend()
        self.legend.setAccessibleName(self.tr("Classes"))
        self.legend.hidden_changed.connect(self._hide_classes)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.plane, 1)
        column.addWidget(self.legend)
        self.setFocusProxy(self.plane)

    def set_points(
        self,
        points: NDArray[np.float32],
        labels: NDArray[np.int64],
        class_names: Sequence[str],
        *,
        unit_square: bool = False,
        prior: bool = True,
        marked: Sequence[int] = (),
    ) -> None:
        """Show points (count, 2) with labels (count,) that index `class_names`; -1 has no class.

        Those of the `unit_square` are framed by it, and no prior is drawn, which is even there, nor is it without
        `prior`. Points with the labels `marked` are drawn large.
        """
        self.legend.set_names(class_names)
        self.plane.prior = np.zeros(2) if prior and not unit_square else None
        self.plane.marked = frozenset(marked)
        self.plane.set_frame(P_WINDOW if unit_square else None)
        self.plane.set_codes(points.astype(np.float64), labels)

    def _hide_classes(self, hidden: frozenset[int]) -> None:
        self.plane.hidden = hidden
        self.plane.repaint_all()
