"""The measuring of attributes one after the other, batch by batch, so that the worker stays free in between."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from gendesk.engine.latent.directions_measuring import Measurement, Trait, measure


class AttributeReading(QObject):
    """Asks for batch after batch, as the question ASKER of the page that it is made with."""

    ASKER = "measure"

    changed = Signal()  # `current` has come further, or is over
    ended = Signal(object)  # the Measurement of one attribute

    def __init__(self, ask: Callable[..., None], parent: QObject) -> None:
        super().__init__(parent)
        self._ask = ask
        self._waiting: list[Trait] = []
        self.current: Measurement | None = None

    def read(self, trait: Trait) -> None:
        """Measure an attribute, after those that are asked for already."""
        self._waiting.append(trait)
        if self.current is None:
            self._begin_next()

    def stop(self) -> None:
        """Forget what is being measured, and all that waits."""
        self._waiting, self.current = [], None
        self.changed.emit()

    def take(self, measurement: Measurement) -> None:
        """Take what one more batch has brought, and go on until the means have settled."""
        if self.current is None or measurement.trait != self.current.trait:
            return  # stopped while the batch was read
        self.current = measurement
        if measurement.done:
            self.ended.emit(measurement)
            self._begin_next()
        else:
            self._ask(self.ASKER, measure, measurement, data=True, slow=True)
            self.changed.emit()

    def _begin_next(self) -> None:
        if self._waiting:
            self.current = Measurement(self._waiting.pop(0))
            self.take(self.current)
        else:
            self.stop()
