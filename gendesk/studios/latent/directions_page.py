"""The page Directions: more or less of something, by adding unit vectors to the code; they are kept with the run."""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gendesk.data.dataset import UInt8Array
from gendesk.engine.latent.decoding import decode_points
from gendesk.engine.latent.directions import Direction
from gendesk.engine.latent.directions_file import MOST_DIRECTIONS, load_directions, save_directions
from gendesk.engine.latent.painting import Start, find_code
from gendesk.engine.latent.planes import Draw, draw
from gendesk.studios.latent.directions_finder import DirectionFinder
from gendesk.studios.latent.directions_panel import DirectionsPanel
from gendesk.studios.latent.directions_state import Dial, Dials
from gendesk.studios.latent.directions_strip import STRENGTHS
from gendesk.studios.latent.page import LatentPage
from gendesk.studios.latent.paint_dialog import PictureDialog
from gendesk.studios.latent.saving import Result, SaveButton, plain_numbers
from gendesk.studios.latent.workspace import Ask, Workspace


class DirectionsPage(LatentPage):
    """Keeps Dials in the workspace, and what the panel shows of them up to date."""

    name: ClassVar[str] = "directions"

    def __init__(self, workspace: Workspace, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(workspace, ask, parent)
        self.chosen = 0
        self._loaded: tuple[Direction, ...] | None = None  # None until it is known what is kept with the run
        self._saved: tuple[Direction, ...] = ()
        self._strip_asked = b""
        self._strip: UInt8Array | None = None
        self.save = SaveButton(workspace, self._result)
        self.panel = DirectionsPanel(self.save, self)
        self.finder = DirectionFinder(workspace, self.ask, self.panel.add, self._free, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.panel)
        self._connect()
        self._begin()

    def _connect(self) -> None:
        panel = self.panel
        panel.list.changed.connect(self._turn)
        panel.list.chosen.connect(self._choose)
        panel.list.kept.connect(self._keep)
        panel.list.removed.connect(self._remove)
        panel.list.settled.connect(self.workspace.end_step)
        panel.strip.chosen.connect(self._go_along)
        panel.details.renamed.connect(self._rename)
        panel.details.removed.connect(self._remove_chosen)
        panel.cosines.cell_clicked.connect(self._choose_cell)
        panel.stopped.connect(self.finder.reading.stop)
        self.finder.reading.changed.connect(self._show)
        self.finder.found.connect(self._add)
        panel.reset.clicked.connect(self._reset)
        panel.own.clicked.connect(self._ask_picture)
        panel.seed_box.changed.connect(self._draw)
        self.workspace.surveyed.connect(self._begin)
        panel.details.again_wanted.connect(self._find_again)
        self.workspace.renewed.connect(self._show)
        self.workspace.moved.connect(self._show)
        self.workspace.restored.connect(self._show)
        self.workspace.pictured.connect(self._show_picture)

    @property
    def title(self) -> str:
        return self.tr("Directions")

    @property
    def tip(self) -> str:
        return self.tr("Find what in the code stands for glasses or a smile, and give more or less of it")

    @property
    def dials(self) -> Dials:
        """What the page shows, from the workspace: at 0 where the point has been moved by others."""
        kept = self.workspace.page_state(self.name)
        dials = kept if isinstance(kept, Dials) else Dials(tuple(Dial(one) for one in self._loaded or ()))
        return dials.at(self.workspace.state.code)

    def settings(self) -> Mapping[str, object]:
        """Return the chosen direction, and how far the point has gone along this and all others."""
        dials = self.dials
        if self.chosen >= len(dials.rows):
            return {}
        chosen = dials.rows[self.chosen]
        return {
            "direction": chosen.direction.name,
            "strength": chosen.strength,
            "vector": plain_numbers(dials.vectors()[self.chosen]),
            "others": {row.direction.name: row.strength for row in dials.rows if row is not chosen and row.strength},
        }

    # The model

    def _begin(self) -> None:
        survey = self.workspace.survey
        self.panel.setEnabled(survey is not None)
        self._loaded = None
        self._strip_asked, self._strip = b"", None
        self.panel.strip.set_pictures(None)
        self.panel.add.setEnabled(False)
        self.finder.begin()
        if survey is None:
            self.panel.picture.set_picture(None)
        else:
            self.ask("load", load_directions, None, data=True, slow=True)
        self._show()

    def model_changed(self) -> None:
        self._strip_asked = b""
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.model_changed()  # only a page that is seen hears of new weights

    def on_answer(self, asker: str, _argument: Any, result: Any) -> None:
        if asker == "strip":
            self._strip = result
            self.panel.strip.set_pictures(result)
        elif asker == "load":
            self._take_saved(result)
        elif asker in ("start", "draw"):
            self.workspace.end_step()
            self.workspace.move_to(np.asarray(result).ravel())
        else:
            self.finder.take(asker, result)
            self._show()

    def on_failure(self, asker: str, sentence: str) -> None:
        if asker == "load":
            self._take_saved(())
        self.finder.fail(asker)
        super().on_failure(asker, sentence)

    def _take_saved(self, directions: tuple[Direction, ...]) -> None:
        self._loaded = self._saved = directions
        self.panel.add.setEnabled(True)
        self._show()

    # What a person changes

    def _apply(self, dials: Dials, key: str) -> None:
        """Keep changed dials and go where they lead, as one step."""
        moves = dials.code != self.workspace.state.code
        self.workspace.keep(self.name, dials, key)
        if moves:
            self.workspace.move_to(np.array(dials.code), key)  # which shows them
        else:
            self._show()

    def _apply_at_once(self, dials: Dials) -> None:
        """Keep changed dials as a step of its own."""
        self.workspace.end_step()
        self._apply(dials, "directions")
        self.workspace.end_step()

    def _turn(self, index: int, strength: float) -> None:
        self.chosen = index
        self._apply(self.dials.turned(index, strength), f"direction {index}")

    def _go_along(self, strength: float) -> None:
        if self.chosen < len(self.dials.rows):
            self._apply_at_once(self.dials.turned(self.chosen, strength))

    def _keep(self, index: int, kept: bool) -> None:
        self._apply_at_once(self.dials.keeping(index, kept))

    def _reset(self) -> None:
        self._apply_at_once(self.dials.at_zero())

    def _choose(self, index: int) -> None:
        self.chosen = index
        self._show()

    def _choose_cell(self, row: int, _column: int) -> None:
        self._choose(row)

    def _remove(self, index: int) -> None:
        self._apply_at_once(self.dials.without(index))

    def _remove_chosen(self) -> None:
        if self.chosen < len(self.dials.rows):
            self._remove(self.chosen)

    def _rename(self, name: str) -> None:
        dials = self.dials
        if self.chosen < len(dials.rows) and name != dials.names[self.chosen]:
            self._apply_at_once(dials.renamed(self.chosen, self._free(name)))

    def _free(self, name: str) -> str:
        """Return a name that no direction has yet."""
        names, number, free = self.dials.names, 2, name
        while free in names:
            free, number = f"{name} {number}", number + 1
        return free

    def _add(self, direction: Direction) -> None:
        """Put a direction into the list, in place of one of the same name, and choose it."""
        dials = self.dials.with_direction(direction)
        if len(dials.rows) > MOST_DIRECTIONS:
            self.workspace.failed.emit(
                self.tr("A run keeps {count} directions at most; remove one first.").format(count=MOST_DIRECTIONS)
            )
            return
        self.chosen = dials.names.index(direction.name)
        self._apply_at_once(dials)

    # Where to begin

    def _ask_picture(self) -> None:
        survey = self.workspace.survey
        if survey is not None:
            dialog = PictureDialog(self.tr("Picture to Begin From"), survey.openable, (), self)
            dialog.taken.connect(self._start_from)
            dialog.open()

    def _start_from(self, picture: UInt8Array) -> None:
        self.ask("start", find_code, Start(picture, self.workspace.mix), slow=True)

    def _draw(self, seed: int) -> None:
        self.ask("draw", draw, Draw(1, seed))

    # Showing

    def _show(self) -> None:
        dials = self.dials
        self.chosen = min(max(self.chosen, 0), max(0, len(dials.rows) - 1))
        self.panel.show_dials(dials, self.chosen)
        self._show_age(dials)
        self._show_reading()
        if self._loaded is not None and dials.directions != self._saved:
            self._saved = dials.directions
            self.ask("save", save_directions, dials.directions, data=True, slow=True)
        if self.isVisible() and self.workspace.survey is not None:
            self._show_strip(dials)

    def _show_age(self, dials: Dials) -> None:
        """Mark what was found on another state of the model."""
        survey = self.workspace.survey
        if survey is None:
            return
        self.panel.list.mark_stale([one.is_stale(survey.step) for one in dials.directions])
        direction = dials.directions[self.chosen] if self.chosen < len(dials.rows) else None
        if direction is not None and direction.is_stale(survey.step):
            words = self.tr("Found at step {found}; the model has been trained to step {now}.").format(
                found=f"{direction.step:,}", now=f"{survey.step:,}"
            )
            self.panel.details.show_age(words, possible=self.finder.can_find_again(direction))

    def _find_again(self) -> None:
        if self.chosen < len(self.dials.rows):
            self.finder.find_again(self.dials.directions[self.chosen])

    def _show_reading(self) -> None:
        measurement, text = self.finder.reading.current, ""
        if measurement is not None:
            name = self.panel.add.name_of(measurement.trait)
            text = self.tr("Measuring {name}: {count} pictures read").format(name=name, count=f"{measurement.seen:,}")
            self.panel.details.show_progress(name, measurement.log)
        self.panel.show_status(text)

    def _show_strip(self, dials: Dials) -> None:
        if not dials.rows:
            self._strip_asked, self._strip = b"", None
            self.panel.strip.set_pictures(None)
            return
        points = self.workspace.points(dials.along(self.chosen, STRENGTHS))
        wanted = points.codes.tobytes() + (b"" if points.mix is None else points.mix.tobytes())
        if wanted != self._strip_asked:
            self._strip_asked = wanted
            self.ask("strip", decode_points, points, slow=True)

    def _show_picture(self) -> None:
        self.panel.picture.set_picture(self.workspace.picture)

    def _result(self) -> Result | None:
        """Return the strip of the chosen direction, to save."""
        dials = self.dials
        if self._strip is None or self.chosen >= len(dials.rows):
            return None
        chosen = dials.rows[self.chosen]
        nearest = int(np.abs(np.array(STRENGTHS) - chosen.strength).argmin())
        settings = {**self.settings(), "strengths": list(STRENGTHS)}
        code = dials.along(self.chosen, STRENGTHS)[nearest]
        return Result(self._strip, self.name, settings, code, nearest, there_and_back=True)
