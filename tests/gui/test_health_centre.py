"""The health centre as a person uses it: reading findings, trying what they advise, putting them away."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from gendesk.app.health_centre import HealthCentre
from gendesk.engine.events import Warned
from gendesk.engine.health import WATCHED, explanation_of


def warned(kind: str, step: int = 1200, run: str = "0001-vae", **values) -> Warned:
    given = {"text": f"{kind} was seen.", "advice": "Mend it.", "explanation": explanation_of(kind), **values}
    return Warned(run_id=run, step=step, kind=kind, **given)


@pytest.fixture
def centre(qtbot) -> HealthCentre:
    made = HealthCentre()
    qtbot.addWidget(made)
    made.resize(380, 700)
    made.show()
    return made


def texts(centre: HealthCentre) -> list[str]:
    QApplication.processEvents()
    return [label.text() for label in centre.findChildren(QLabel) if label.isVisibleTo(centre)]


def buttons(centre: HealthCentre, name: str) -> list[QAbstractButton]:
    QApplication.processEvents()
    found = centre.findChildren(QAbstractButton)
    return [one for one in found if one.isVisibleTo(centre) and one.accessibleName().startswith(name)]


def test_without_findings_it_says_what_is_watched(centre) -> None:
    assert "Start a run: what goes wrong with it is told here" in texts(centre)
    centre.set_run("0001-vae", [])
    shown = texts(centre)
    assert "No problems seen" in shown
    for watched in WATCHED:
        assert watched.title in shown
        assert watched.meaning in shown


def test_a_finding_says_what_it_is_when_it_was_and_what_to_try(centre, qtbot) -> None:
    centre.set_run("0001-vae", [])
    with qtbot.waitSignal(centre.count_changed) as counted:
        centre.add(warned("overfitting"))
    assert counted.args == [1]
    shown = texts(centre)
    for text in ("Overfitting", "Step 1,200", "overfitting was seen.", "What to try: Mend it."):
        assert text in shown
    assert explanation_of("overfitting") in shown
    assert "No problems seen" not in shown


def test_the_change_and_the_place_are_one_click_away(centre, qtbot) -> None:
    warning = warned("loss-explosion", changes={"learning_rate": 0.0001})
    centre.set_run("0001-vae", [warning, warned("dead-units")], {"learning_rate": 0.001})
    (change,) = buttons(centre, "New Run With This Change")
    assert "Learning rate: 0.001 \N{RIGHTWARDS ARROW} 0.0001" in change.toolTip()
    with qtbot.waitSignal(centre.change_wanted) as wanted:
        qtbot.mouseClick(change, Qt.MouseButton.LeftButton)
    assert wanted.args == ["0001-vae", {"learning_rate": 0.0001}]
    with qtbot.waitSignal(centre.shown) as shown:
        qtbot.mouseClick(buttons(centre, "Show in Plot")[0], Qt.MouseButton.LeftButton)
    assert shown.args == ["0001-vae", 1200]


def test_what_changes_in_a_table_is_told_row_by_row(centre) -> None:
    layers = [{"filters": 64, "kernel": 3}, {"filters": 1, "kernel": 3}]
    warning = warned("checkerboard", changes={"generator_layers": [{**layers[0], "kernel": 4}, layers[1]]})
    centre.set_run("0001-vae", [warning], {"generator_layers": layers})
    tip = buttons(centre, "New Run With This Change")[0].toolTip()
    assert tip.splitlines()[1:] == ["Generator layers:", "    1. Kernel: 3 \N{RIGHTWARDS ARROW} 4"]


def test_findings_of_other_runs_are_listed_on_demand(centre, qtbot) -> None:
    centre.set_run("0001-vae", [warned("overfitting")])
    centre.add(warned("dead-units", run="0002-gan"))
    assert centre.count == 1
    box = buttons(centre, "Show the findings of all runs")[0]
    box.setChecked(True)
    assert centre.count == 2
    assert "0002-gan" in texts(centre)
    box.setChecked(False)
    assert centre.count == 1


def test_what_was_dismissed_stays_away_until_it_is_asked_for(centre, qtbot) -> None:
    warnings = [warned("overfitting"), warned("dead-units")]
    centre.set_run("0001-vae", warnings)
    qtbot.mouseClick(buttons(centre, "Dismiss: Overfitting")[0], Qt.MouseButton.LeftButton)
    centre.set_run("0002-gan", [])
    assert centre.count == 0
    centre.set_run("0001-vae", warnings)
    assert centre.count == 1
    (again,) = [one for one in centre.findChildren(QAbstractButton) if one.text() == "Show Dismissed (1)"]
    qtbot.mouseClick(again, Qt.MouseButton.LeftButton)
    assert centre.count == 2
    assert not again.isVisibleTo(centre)


def test_a_resumed_run_may_take_findings_back(centre) -> None:
    centre.set_run("0001-vae", [warned("overfitting")])
    centre.set_run("0001-vae", [])
    assert centre.count == 0


def test_it_is_worked_by_keyboard(centre, qtbot) -> None:
    centre.set_run("0001-vae", [warned("overfitting")])
    close = buttons(centre, "Dismiss: Overfitting")[0]
    close.setFocus()
    qtbot.keyClick(close, Qt.Key.Key_Space)
    assert centre.count == 0


def test_a_stranger_s_words_are_plain_text(centre) -> None:
    centre.set_run("0001-vae", [warned("own-kind", text="<b>bold</b><img src='file:///etc/x'>")])
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in centre.findChildren(QLabel) if label.text())
    assert "Own kind" in texts(centre)
