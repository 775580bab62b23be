"""The run browser with runs of every kind: pinned, in training, failed, damaged, and of a missing plugin."""

import tempfile
from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QWidget

from gendesk.app.runs.browser import RunBrowser
from gendesk.data.dataset import DatasetKind, ImageInfo
from gendesk.engine.preview import ImagePreview
from gendesk.engine.run_config import RunConfig
from gendesk.engine.run_store import RunStore
from gendesk.engine.runs import Run, RunState
from gendesk.engine.samples import save_preview
from tests.support.events import run_until

FAMILIES = (("autoencoder", "Autoencoders"), ("gan", "Generative adversarial networks"))
DATA = ImageInfo(
    kind=DatasetKind.IMAGES,
    name="glyphs",
    title="Glyphs",
    fingerprint="0",
    train_count=60_000,
    test_count=10_000,
    height=28,
    width=28,
    channels=1,
)
KINDS = (
    ("vae", "Variational autoencoder", "autoencoder", RunState.FINISHED, ("good", "two dimensions"), "Sharp at last"),
    ("wgan-gp", "Wasserstein GAN", "gan", RunState.STOPPED, (), ""),
    ("ae", "Autoencoder", "autoencoder", RunState.FAILED, ("check",), ""),
    ("vae", "Variational autoencoder", "autoencoder", RunState.QUEUED, (), ""),
    ("wgan-gp", "Wasserstein GAN", "gan", RunState.FINISHED, ("good",), "Faces, a long night"),
    ("vae", "Variational autoencoder", "autoencoder", RunState.RUNNING, (), ""),
    ("flow", "Normalising flow", "flow", RunState.FINISHED, (), ""),
)


def add_run(store: RunStore, number: int) -> Run:
    """Make a run that looks like a real one, with a sample sheet of its own."""
    recipe, title, family, state, tags, name = KINDS[number % len(KINDS)]
    run = store.create(RunConfig(recipe=recipe, preset="quick", data="glyphs", config={}), family, title)
    rng = np.random.default_rng(number)
    loss = float(rng.random())
    run.update(
        state=state,
        process=None,
        data=DATA,
        step=int(rng.integers(100, 6000)),
        total_steps=6000,
        seconds=float(rng.integers(60, 6000)),
        steps_per_second=52.3,
        metrics={"loss": loss, "kl": loss / 3, "validation/loss": loss * 1.1},
        best_value=loss,
        best_step=1200,
        device="cpu",
        precision="exact",
        message="The loss is not a number any more; try a lower learning rate." if state is RunState.FAILED else "",
    )
    if tags or name:
        run.label(tags=tags, name=name, pinned=number == 4, note="Try with a larger latent space." if tags else "")
    places = np.linspace(-1, 1, 28)
    waves = rng.uniform(2, 9, (40, 2))[:, :, None, None] * np.stack(np.meshgrid(places, places))
    images = (127 + 127 * np.sin(waves.sum(1) + number)).astype(np.uint8)[..., None]
    save_preview(run.samples, 100, ImagePreview("samples", "Samples", images, 10), "{}")
    return run


def make_store(folder: Path, count: int) -> RunStore:
    store = RunStore(folder)
    for number in range(count):
        add_run(store, number)
    (folder / "0099-broken").mkdir()
    (folder / "0099-broken" / "run.json").write_text("{")
    return store


FOLDER = tempfile.TemporaryDirectory()


def build() -> QWidget:
    browser = RunBrowser(make_store(Path(FOLDER.name), 14), FAMILIES, {"vae", "ae", "wgan-gp"})
    browser.resize(1280, 180)
    browser.refresh()
    run_until(lambda: browser.table.rowCount() > 0)
    browser.toggle_details.setChecked(True)
    browser.select("0001-vae-quick")
    return browser
