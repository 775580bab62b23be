"""Pictures that a person adds to a morph: encoded, or brought into the latent space where there is no encoder."""

from PySide6.QtCore import QObject, Signal

from gendesk.data.dataset import UInt8Array
from gendesk.engine.latent.survey import Codes
from gendesk.studios.latent.morph_pictures import MorphPictures
from gendesk.studios.latent.morph_state import Stop
from gendesk.studios.latent.page import LatentPage
from gendesk.studios.latent.projection import Projection


class MorphAdding(QObject):
    """Shows the dialog of pictures, and makes a Stop of each that is `added`; a page's answers go to `projection`."""

    added = Signal(object)

    def __init__(self, page: LatentPage) -> None:
        super().__init__(page)
        self._page = page
        self.dialog: MorphPictures | None = None
        self.projection = Projection(page)
        self.projection.progressed.connect(self._tell_progress)
        self.projection.found.connect(self._add_found)

    def open(self) -> None:
        """Let the person choose pictures, until they close the dialog."""
        survey = self._page.workspace.survey
        if survey is not None and self.dialog is None:
            self.dialog = MorphPictures(survey, self._page)
            self.dialog.added.connect(self.add)
            self.dialog.finished.connect(self._forget_dialog)
            self.dialog.open()

    def close(self) -> None:
        """Let go of everything, because there is another model."""
        self.projection.stop()
        if self.dialog is not None:
            self.dialog.close()

    def add(self, picture: UInt8Array) -> None:
        """Make a stop of a picture, uint8 (height, width, channels); without an encoder, of the nearest code."""
        survey = self._page.workspace.survey
        if survey is not None and survey.encodes:
            self.added.emit(Stop.of_picture(self.tr("Picture"), picture))
        else:
            self.projection.add(picture)

    def _forget_dialog(self) -> None:
        self.dialog = None

    def _tell_progress(self, share: float, off: float) -> None:
        if self.dialog is not None:
            self.dialog.tell_progress(share, off)

    def _add_found(self, code: Codes, off: float) -> None:
        self.added.emit(Stop.of_code(self.tr("Picture, {off} % off").format(off=f"{off * 100:.0f}"), code))
        if self.dialog is not None:
            self.dialog.tell_found(off)
