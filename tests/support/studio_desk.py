"""A studio's session on a real live worker, without a window around it."""

import itertools
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gendesk.engine.engine import Engine
from gendesk.engine.events import Reply
from gendesk.engine.live import LiveModels, Request
from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.studios.latent.page import LatentPage
from gendesk.studios.latent.studio import LatentStudio
from gendesk.studios.session import ModelSession

WAIT = 20_000


class StudioDesk(QObject):
    """Brings the answers of a real worker to the thread of the window; `close` it at the end."""

    replied = Signal(object)

    def __init__(self, model: Model, data: RunData | None = None) -> None:
        super().__init__()
        opener = None if data is None else lambda _run: data
        self.live = LiveModels(lambda _run: None, lambda _run: model, self.replied.emit, opener)
        self.session = ModelSession(self._send, self)
        self.replied.connect(self._take)
        self._stamps = itertools.count(1)

    def close(self) -> None:
        self.live.close()

    def _send(self, asker: str, operation: Any, argument: Any, *, data: bool, slow: bool) -> int:
        stamp = next(self._stamps)
        self.live.ask(Request("run", asker, stamp, operation, argument, data))
        return stamp

    def _take(self, reply: Reply) -> None:
        self.session.receive(reply.asker, reply.stamp, reply.result, reply.error)


def open_latent_page(qtbot: QtBot, engine: Engine, run_id: str, name: str, desks: list[StudioDesk]) -> LatentPage:
    """Open the latent studio on a run, with one of its pages in view; `desks` gets what is to be closed at the end."""
    desks.append(StudioDesk(engine.load_model(run_id), engine.run_data(run_id)))
    studio = LatentStudio()
    qtbot.addWidget(studio)
    studio.set_session(desks[-1].session)
    studio.resize(420, 640)
    studio.show()
    page = studio.page(name)
    studio.tabs.setCurrentWidget(page)
    qtbot.waitUntil(lambda: studio.workspace.picture is not None, timeout=WAIT)
    QApplication.processEvents()  # what is known now may ask for more room: places of the mouse are those afterwards
    return page


def open_text_studio(
    qtbot: QtBot, kind: type[Any], model: Model, data: RunData, size: tuple[int, int], desks: list[StudioDesk]
) -> Any:
    """Open a studio of texts on a model, and wait until it knows it; `desks` gets what is to be closed at the end."""
    desks.append(StudioDesk(model, data))
    studio = kind()
    qtbot.addWidget(studio)
    studio.resize(*size)
    studio.show()
    studio.set_session(desks[-1].session)
    qtbot.waitUntil(lambda: studio.info is not None, timeout=WAIT)
    return studio
