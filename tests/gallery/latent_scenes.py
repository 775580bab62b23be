"""What latent.py does on each page of the latent studio before it takes the picture, with a real mouse where it can."""

from typing import Any

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.support.events import run_for, run_until

_LEFT = Qt.MouseButton.LeftButton
_DIRECTIONS = 3


def drag(widget: QWidget, points: list[QPoint]) -> None:
    QTest.mousePress(widget, _LEFT, pos=points[0])
    for point in points[1:]:
        QTest.mouseMove(widget, point)
        run_for(0.05)
    QTest.mouseRelease(widget, _LEFT, pos=points[-1])


def walk(page: Any) -> None:
    """Walk a little, with the decoded plane behind where the code is no more than the plane."""
    if page.workspace.survey.latent_size == 2:
        page.pad._manifold.setCurrentIndex(1)
    plane = page.pad.plane
    middle = plane.rect().center()
    drag(plane, [middle + QPoint(6 * n, -4 * n) for n in range(8)])
    run_for(3.0)  # until the manifold is there


def paint(page: Any) -> None:
    """Paint red hair, or a white bar across a grey picture."""
    area, colored = page.canvas.area(), page.workspace.picture.shape[-1] == 3
    page.controls.set_color("#E03A2E" if colored else "#FFFFFF")
    height = 0.27 if colored else 0.5
    places = area.x() + np.linspace(0.3, 0.7, 9) * area.width()
    drag(page.canvas, [QPoint(round(x), round(area.y() + height * area.height())) for x in places.tolist()])
    run_until(lambda: not page.descent.running)


def lead(page: Any) -> None:
    """Add the first directions of the menu, unless they have been kept with the run, and go along them."""
    run_until(page.panel.add.isEnabled)
    run_for(1.0)
    for action in page.panel.add.directions.actions()[: max(0, _DIRECTIONS - len(page.dials.rows))]:
        count = len(page.dials.rows)
        (action.menu().actions()[-1] if action.menu() else action).trigger()
        run_until(lambda count=count: len(page.dials.rows) > count)
    for number, row in enumerate(page.panel.list.rows):
        start, end = row.slider.width() // 2, (0.5 + 0.3 / (number + 1)) * row.slider.width()
        places = np.linspace(start, end, 5).round().astype(int).tolist()
        drag(row.slider, [QPoint(x, row.slider.height() // 2) for x in places])
    run_for(1.0)


def morph(page: Any) -> None:
    QTest.mouseClick(page.stage.example, _LEFT)
    for number in (7, 12):
        page._add_picture(page.workspace.survey.pictures[number])
    run_until(lambda: page.frames.complete)
    page.player.go_to(5)


def mix(page: Any) -> None:
    """Mix two classes where there are any, and point at the first slider, so that what it does is seen."""
    if page.mix.rows:
        page.mix.changed.emit(np.eye(len(page.mix.rows), dtype=np.float32)[[3, 8]].sum(axis=0))
    page._enter(page.active._order[0])
    run_for(1.0)


def compare(page: Any) -> None:
    run_until(lambda: page.found is not None)


def guess(page: Any) -> None:
    run_until(page.welcome.start.isEnabled)
    QTest.mouseClick(page.welcome.start, _LEFT)
    run_until(lambda: page.game is not None)
    for button in (page.question.real, page.question.generated):
        QTest.mouseClick(button, _LEFT)
        run_for(0.2)


SCENES = {
    "map": walk,
    "paint": paint,
    "directions": lead,
    "morph": morph,
    "sliders": mix,
    "novelty": compare,
    "quiz": guess,
}
