"""What a person sees explained: plots and previews, the model of the form's values, and the page of each recipe."""

import dataclasses
import shutil
import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gendesk.app.charts import ChartsPanel
from gendesk.app.explain.inspector import InspectorPanel
from gendesk.app.explain.layers import LayerColumn, bytes_text, count_text, shape_text
from gendesk.app.explain.page_text import page_markdown
from gendesk.app.explain.recipe_page import RecipePage
from gendesk.app.previews import PreviewsPanel
from gendesk.engine.events import PreviewReady
from gendesk.engine.families import Families, find_families
from gendesk.engine.preview import ImagePreview, ScatterPreview
from gendesk.engine.run_config import RunConfig
from gendesk.engine.run_store import RunStore
from gendesk.engine.samples import save_preview
from gendesk.errors import InputError
from gendesk.widgets.explanation import Explanation, ExplanationButton
from tests.support.training import PLUGINS

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # what the platform without a screen says
WAIT = 30_000
FAMILIES = find_families(PLUGINS)


def config_of(recipe: str = "vae", **values) -> RunConfig:
    base = RunConfig(recipe=recipe, preset="book", data="glyphs", config={})
    return base.with_values(FAMILIES.recipe(recipe).load().Config, values)


def popover(button: ExplanationButton) -> Explanation:
    return button.findChild(Explanation)


# What am I looking at


@pytest.fixture
def button(qtbot):
    made = ExplanationButton()
    qtbot.addWidget(made)
    made.set_explanation("Samples", [("Heads", "Pictures & <words>."), ("", "More.")])
    made.show()
    return made


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_the_keyboard_opens_and_closes_an_explanation(qtbot, button, key):
    qtbot.keyClick(button, key)
    shown = popover(button)
    assert shown.isVisible()
    assert shown.text == "Heads\nPictures & <words>.\nMore."
    qtbot.keyClick(shown, Qt.Key.Key_Escape)
    assert not shown.isVisible()


def test_an_explanation_stays_on_the_screen_and_shows_all_its_words(qtbot, button):
    button.set_explanation("Long", [("", "Words and words. " * 60)])
    screen = button.screen().availableGeometry()
    button.move(screen.right() - 30, screen.bottom() - 40)
    button.click()
    shown = popover(button)
    assert screen.contains(shown.geometry())
    label = shown.findChildren(type(shown._text))[-1]
    assert label.height() >= label.heightForWidth(label.width())
    shown.close()


def test_where_there_is_nothing_to_say_there_is_no_button(qtbot, button):
    button.set_explanation("Samples", [("", "")])
    assert not button.isVisible()


def test_every_plot_says_what_it_shows(qtbot):
    panel = ChartsPanel()
    qtbot.addWidget(panel)
    recipe = FAMILIES.recipe("vae").load()
    panel.set_metrics(recipe.metrics)
    for plot in panel.plots:
        button = plot.controls.findChild(ExplanationButton)
        headings = [heading for heading, _ in button.paragraphs]
        assert headings[:-1] == [spec.title for spec in recipe.metrics if spec.group == button.accessibleDescription()]
        assert "held-out" in plot.controls.title.toolTip()


def test_every_preview_says_what_it_shows(qtbot):
    panel = PreviewsPanel()
    qtbot.addWidget(panel)
    images = np.zeros((4, 8, 8, 1), np.uint8)
    points = np.zeros((3, 2), np.float32)
    pictures = ImagePreview("samples", "Samples", images, 2, description="Pictures from random codes.")
    codes = ScatterPreview("codes", "Codes", points, np.zeros(3, np.int64), ("a",))
    for preview in (pictures, codes):
        panel.show_live(PreviewReady(run_id="1", time=0.0, step=1, preview=preview))
    assert panel.explanation.paragraphs[0] == ("", "Pictures from random codes.")
    panel._tabs.setCurrentIndex(1)
    assert not panel.explanation.paragraphs
    panel.show_live(PreviewReady(run_id="1", time=0.0, step=2, preview=dataclasses.replace(codes, description="Dots.")))
    assert panel.explanation.paragraphs[0] == ("", "Dots.")
    assert "Dots." in panel._tabs.tabToolTip(1)
    panel.show_run(None)
    assert not panel.explanation.paragraphs


def test_a_run_of_long_ago_says_what_its_previews_show(qtbot, tmp_path):
    run = RunStore(tmp_path).create(config_of(), "autoencoder", "VAE")
    images = np.zeros((4, 8, 8, 1), np.uint8)
    save_preview(run.samples, 5, ImagePreview("samples", "Samples", images, 2, description="Random codes."), "{}")
    panel = PreviewsPanel()
    qtbot.addWidget(panel)
    panel.show_run(run)
    assert panel.explanation.paragraphs[0] == ("", "Random codes.")


# The model inspector


@pytest.fixture
def inspector(qtbot):
    made = InspectorPanel(FAMILIES)
    qtbot.addWidget(made)
    made.resize(700, 700)
    made.show()
    return made


def look(qtbot, panel: InspectorPanel, config: RunConfig, *info) -> None:
    panel.set_config(config.recipe, config, *info)
    with qtbot.waitSignal(panel._worker.done, timeout=WAIT):
        pass


def test_the_form_s_values_are_shown_before_anything_is_trained(qtbot, inspector):
    look(qtbot, inspector, config_of())
    assert "207,237 parameters" in inspector.summary.text()
    titles = [block.title for block in inspector.diagram.blocks]
    assert titles[:2] == ["Picture", "Convolution"]
    assert titles[5] == "2\N{NO-BREAK SPACE}\N{MULTIPLICATION SIGN}\N{NO-BREAK SPACE}Dense"
    shapes = [block.shape_text for block in inspector.diagram.blocks]
    assert shapes[2] == "14\N{MULTIPLICATION SIGN}14\N{MULTIPLICATION SIGN}64"
    look(qtbot, inspector, config_of(latent_size=200))
    assert inspector.diagram.blocks[5].shape == (200,)


def test_what_is_typed_quickly_is_looked_at_once(qtbot, inspector):
    seen = []
    inspector._worker.done.connect(seen.append)
    for size in range(2, 12):
        inspector.set_config("vae", config_of(latent_size=size))
    qtbot.waitUntil(lambda: bool(inspector.diagram.blocks), timeout=WAIT)
    assert len(seen) == 1
    assert inspector.diagram.blocks[5].shape == (11,)


def test_settings_that_do_not_fit_are_told_and_the_last_model_stays_in_sight(qtbot, inspector):
    look(qtbot, inspector, config_of())
    broken = config_of(decoder=[{"filters": 1, "kernel": 3, "stride": 1}])
    look(qtbot, inspector, broken)
    assert "The decoder makes pictures of 7x7 pixels" in inspector.message.text()
    assert inspector.message.isVisible()
    assert not inspector.diagram.isEnabled()
    look(qtbot, inspector, config_of())
    assert not inspector.message.isVisible()
    assert inspector.diagram.isEnabled()
    inspector.show_problem("latent_size: Give a number.")
    assert inspector.message.text() == "latent_size: Give a number."
    with pytest.raises(InputError):
        inspector.set_config("none", config_of())


def test_data_of_unknown_shape_are_said_to_be_assumed(qtbot, inspector):
    look(qtbot, inspector, config_of().model_copy(update={"data": "/home/me/pictures"}))
    assert "assumed" in inspector.summary.text()
    look(qtbot, inspector, config_of())
    assert "assumed" not in inspector.summary.text()


def test_the_figure_and_the_table_choose_the_same_layer(qtbot, inspector):
    look(qtbot, inspector, config_of())
    spot = inspector.diagram.block_rect(2).center().toPoint()
    qtbot.mouseClick(inspector.diagram, Qt.MouseButton.LeftButton, pos=spot)
    row = inspector.table.currentIndex().row()
    assert inspector.model.index(row, LayerColumn.PARAMETERS).data() == "18,496"
    for _ in range(2):
        qtbot.keyClick(inspector.diagram, Qt.Key.Key_Down)
    row = inspector.table.currentIndex().row()
    assert inspector.model.index(row, LayerColumn.WINDOW).data() == "3\N{MULTIPLICATION SIGN}3"
    inspector.table.selectRow(inspector.model.rowCount() - 1)
    assert inspector.diagram.current == len(inspector.diagram.blocks) - 1
    qtbot.keyClick(inspector.diagram, Qt.Key.Key_Home)
    assert not inspector.table.currentIndex().isValid()
    assert inspector.diagram.accessibleDescription().startswith("Picture")


def test_a_model_that_shows_no_layers_shows_its_parameters(qtbot, inspector):
    look(qtbot, inspector, config_of("tiny"))
    assert "<b>2 parameters</b>" in inspector.summary.text()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (shape_text((3, 28, 14)), "28\N{MULTIPLICATION SIGN}14\N{MULTIPLICATION SIGN}3"),
        (shape_text((3136,)), "3,136"),
        (shape_text(()), "?"),
        (count_text(9_999), "9,999"),
        (count_text(14_921_088), "14.9\N{NO-BREAK SPACE}M"),
        (count_text(28_224), "28.2\N{NO-BREAK SPACE}k"),
        (bytes_text(512), "512\N{NO-BREAK SPACE}B"),
        (bytes_text(1_250_000), "1.25\N{NO-BREAK SPACE}MB"),
    ],
)
def test_numbers_have_units_and_few_digits(text, expected):
    assert text == expected


# The recipe's page


@pytest.mark.parametrize("recipe", ["ae", "vae"])
def test_a_page_compares_the_presets_under_its_numbers(recipe):
    text = page_markdown(FAMILIES.recipe(recipe))
    numbers = text.partition("## Numbers")[2].partition("\n## ")[0]
    assert "| Preset | quick | book |" in numbers
    assert "| Learning rate | 0.002 | 0.0005 |" in numbers
    assert f"| {'200,963' if recipe == 'ae' else '207,237'} |" in numbers
    assert "Latent size" not in numbers  # the same in both
    assert text.startswith(f"# {FAMILIES.recipe(recipe).title}\n")


def test_a_recipe_without_a_page_is_described_by_its_manifest(tmp_path):
    entry = FAMILIES.recipe("tiny")
    text = page_markdown(entry)
    assert entry.summary in text
    assert "| Batch size | 8 | 16 |" in text
    broken = dataclasses.replace(entry, page=tmp_path / "page.md", target="nothing:Nothing")
    (tmp_path / "page.md").write_bytes(b"\xff\xfe\x00 no text")
    assert "The recipe tiny cannot be loaded" in page_markdown(broken)


def test_a_page_shows_text_and_model_side_by_side(qtbot):
    page = RecipePage(FAMILIES, "vae")
    page.open()
    qtbot.waitUntil(lambda: bool(page.inspector.diagram.blocks), timeout=WAIT)
    assert "Pitfalls" in page.text.toPlainText()
    assert "825,253 parameters" in page.inspector.summary.text()
    QTest.keyClick(page, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not page.isVisible())


def test_a_page_can_show_the_model_of_the_form(qtbot):
    page = RecipePage(FAMILIES, "vae", config=config_of(latent_size=7))
    page.open()
    qtbot.waitUntil(lambda: bool(page.inspector.diagram.blocks) and bool(page.text.toPlainText()), timeout=WAIT)
    assert page.inspector.diagram.blocks[5].shape == (7,)
    page.close()


def test_a_page_that_is_closed_at_once_leaves_nothing_behind(qtbot):
    for _ in range(3):
        page = RecipePage(FAMILIES, "vae", config=config_of())
        page.open()
        page.close()


def test_a_person_s_own_plugin_brings_its_page(tmp_path):
    folder = tmp_path / "mine"
    shutil.copytree(PLUGINS / "tiny", folder)
    (folder / "pages").mkdir()
    (folder / "pages" / "tiny.md").write_text("## Idea\n\nOne number.\n\n## Source\n\nMe.\n")
    families = find_families(tmp_path)
    assert isinstance(families, Families)
    text = page_markdown(families.recipe("tiny"))
    assert "One number." in text
    assert text.index("| Preset |") > text.index("Me.")


def test_what_the_window_imports_of_all_this_needs_no_torch():
    code = (
        "import sys, gendesk.app.first_run, gendesk.app.charts, gendesk.app.explain.inspector, "
        "gendesk.app.explain.recipe_page\nprint('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
