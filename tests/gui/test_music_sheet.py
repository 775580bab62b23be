"""Pictures of scores on one sheet, as gendesk sample writes them."""

from pathlib import Path

from PySide6.QtGui import QImage

from gendesk.commands.score_files import write_scores
from gendesk.music.score import Score
from tests.support.pieces import hymn, tune


def test_scores_stand_below_each_other_in_one_picture(qapp, tmp_path: Path) -> None:
    told: list[float] = []
    path = tmp_path / "sheet.png"
    assert write_scores([hymn(), tune(60, 72), Score()], path, told.append) == [path]
    sheet = QImage(str(path))
    assert (sheet.width(), sheet.height()) == (1280, 3 * 360 + 2 * 16)
    assert write_scores([hymn()], path, told.append) == [path]
    assert QImage(str(path)).height() == 720
