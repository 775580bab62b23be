"""What every recipe of every bundled plugin promises; a new plugin is tested here without a word added."""

import json
import math
import re
import shutil
import subprocess
import sys
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from gendesk.config import checked, field_specs
from gendesk.data.catalogue import find_entry
from gendesk.data.dataset import DatasetKind, ImageDataset, ImageInfo
from gendesk.data.library import DataLibrary
from gendesk.data.options import options_for
from gendesk.engine.capabilities import Classifies, Composes, Decodes, Drives, Encodes, Foresees, Races, Samples, Writes
from gendesk.engine.checkpoints import load_checkpoint, save_checkpoint
from gendesk.engine.engine import Engine
from gendesk.engine.events import JobState, PreviewReady
from gendesk.engine.families import RecipeEntry, find_families
from gendesk.engine.inspection import assumed_info, inspect
from gendesk.engine.music.console import Orchestra
from gendesk.engine.preview import (
    BarChart,
    BarsPreview,
    HeatMapPreview,
    ImagePreview,
    Preview,
    ScatterPreview,
    ScorePreview,
    TablePreview,
    TextPreview,
)
from gendesk.engine.recipe import Context, Model, Recipe
from gendesk.engine.run_config import RunConfig, RunSettings
from gendesk.engine.runs import Run
from gendesk.nn.keras import parameter_count
from tests.support.pieces import save_json, tables
from tests.support.texts import RHYME
from tests.support.training import Watcher, small_pictures

ENTRIES = [entry for family in find_families() for entry in family.recipes]
TOO_LARGE = ("gpu", "gpt2-small")
"""Presets for graphics cards: a few steps would take minutes here."""
ALL_PRESETS = [(entry, preset) for entry in ENTRIES for preset in entry.presets if preset not in TOO_LARGE]
RESUMED = [pair for pair in ALL_PRESETS if pair[1] in ("quick", "book", "dream")]
"""Presets that are also trained in two halves; the others are the same code with other numbers."""
PRESETS = RESUMED + [pair for pair in ALL_PRESETS if pair not in RESUMED]
"""All of them, in this order because pytest puts tests together that have the same place in their lists."""
CPU = torch.device("cpu")
BATCH = 4
"""Pictures per step: the book's networks are large, and what is promised here holds for any batch."""
SMALL = {
    "batch_size": BATCH,
    # Sequences and what is held out of them, and how often a critic learns for each step of a generator.
    "window": 32,
    "validated_tokens": 1000,
    "critic_steps": 2,
    # Races: short ones, few of them, and all stages of the pipeline within the steps of this test.
    "frames_per_batch": BATCH,
    "episodes_per_batch": 2,
    "rollout_frames": 60,
    "race_frames": 40,
    "processes": 1,
    "races": 1,
    "vision_steps": 1,
    "memory_steps": 1,
    "population": 4,
    "episodes": 1,
    "dream_episodes": 1,
    "turns": 1,
    "evaluate_every": 2,
    "evaluation_tracks": 1,
}
"""Fields of recipes that decide how long a step takes, and what they are here."""
WITH_ATTRIBUTES = ("outfits", "tins")
"""Embedded data that no folder of pictures can stand in for."""

every_recipe = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)


def trained_as(presets: list[tuple[RecipeEntry, str]]) -> pytest.MarkDecorator:
    names = [f"{entry.id}-{preset}" for entry, preset in presets]
    return pytest.mark.parametrize("trained", presets, ids=names, indirect=True)


every_preset, every_resumed = trained_as(PRESETS), trained_as(RESUMED)


def smallest_data(entry: RecipeEntry, folder: Path) -> str:
    """Return the least data that a recipe can be trained on: a few pictures, or embedded data that only it can read."""
    if entry.data is DatasetKind.TEXT:
        path = folder / "rhyme.txt"
        path.write_text(RHYME * 100, encoding="utf-8")
        return str(path)
    if entry.data is DatasetKind.SCORES:
        long = {part: [piece * 8 for piece in pieces] for part, pieces in tables().items()}
        return str(save_json(folder / "pieces.json", long))
    if entry.data is DatasetKind.IMAGES and entry.default_data not in WITH_ATTRIBUTES:
        made_for = find_entry(entry.default_data)
        assert made_for is not None
        return str(small_pictures(folder, count=40, size=28, channels=made_for.shape[2]))
    return entry.default_data


# What is known before anything is trained


def test_manifests_are_read_without_torch_and_without_qt() -> None:
    code = (
        "import sys\n"
        "from gendesk.engine.families import find_families\n"
        "print([recipe.id for family in find_families() for recipe in family.recipes])\n"
        "print([name for name in ('torch', 'PySide6') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [str([entry.id for entry in ENTRIES]), "[]"]


@every_recipe
def test_every_field_has_words_for_people(entry: RecipeEntry) -> None:
    for spec in field_specs(entry.load().Config):
        for field in (spec, *spec.columns):
            assert field.title[0].isupper(), field.name
            assert field.description.endswith("."), field.name
            assert field.group, field.name


@every_recipe
def test_no_field_hides_a_setting_of_every_run(entry: RecipeEntry) -> None:
    assert not entry.load().Config.model_fields.keys() & RunSettings.model_fields.keys()


@every_recipe
def test_the_default_config_comes_back_from_json(entry: RecipeEntry) -> None:
    config_model = entry.load().Config
    config = config_model()
    assert config_model.model_validate(json.loads(json.dumps(config.model_dump(mode="json")))) == config
    assert config_model.model_validate_json(config.model_dump_json()) == config


@every_recipe
def test_quick_is_the_first_preset_and_the_book_s_is_there(entry: RecipeEntry) -> None:
    assert entry.default_preset == "quick"
    assert "book" in entry.presets


@every_recipe
def test_the_class_says_what_the_manifest_says(entry: RecipeEntry) -> None:
    recipe = entry.load()
    assert recipe.accepts == entry.data
    names = [spec.name for spec in recipe.metrics]
    assert len(set(names)) == len(names)
    assert recipe.best in names
    for spec in recipe.metrics:
        assert spec.title
        assert spec.group
        assert spec.description.endswith(".")
        assert "," not in spec.name


@every_recipe
def test_a_page_explains_the_recipe(entry: RecipeEntry) -> None:
    text = entry.page.read_text(encoding="utf-8")
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert {"Idea", "Numbers", "Pitfalls", "Source"} <= sections.keys()
    assert all(len(words.split()) > 10 for words in sections.values())
    assert not parts[0].strip()  # the window writes title and summary above it


@every_recipe
def test_its_models_can_be_followed_from_layer_to_layer_before_any_training(entry: RecipeEntry) -> None:
    recipe = entry.load()
    for name, preset in entry.presets.items():
        values = {field: value for field, value in preset.items() if field in recipe.Config.model_fields}
        info = assumed_info(entry.default_data, options_for(entry.data)())
        found = inspect(entry, values, info)
        assert found.problem == "", name
        assert all(layer.inputs and layer.outputs for layer in found.layers), name
        with torch.device("meta"):
            model = recipe.build(checked(recipe.Config, values), info)
        assert found.parameters == parameter_count(model), name


# What is left of a training


@dataclass(frozen=True)
class Trained:
    """A recipe trained in one go, and maybe in two halves, on data that are gone now except where `data` keeps them."""

    entry: RecipeEntry
    config: RunConfig
    engine: Engine
    whole: Run
    halves: Run | None
    previews: tuple[Preview, ...]
    data: ImageDataset

    @property
    def recipe(self) -> type[Recipe[Any, Any]]:
        return self.entry.load()

    @property
    def info(self) -> ImageInfo:
        assert self.whole.record.data is not None
        return self.whole.record.data

    def model(self) -> Model:
        return self.engine.load_model(self.whole.id)


def half(entry: RecipeEntry) -> int:
    """Return how many steps half a training has: as few as tell; a recipe that does all stages takes a turn at each."""
    return 3 if entry.load().in_turns else 2


def small_config(engine: Engine, entry: RecipeEntry, preset: str, source: str, steps: int) -> RunConfig:
    small = {name: value for name, value in SMALL.items() if name in entry.load().Config.model_fields}
    return engine.config(entry.id, preset, source, steps=steps, device="cpu", **small)


@pytest.fixture(scope="module")
def upstream_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of runs in which every recipe that others build on has one."""
    folder = tmp_path_factory.mktemp("upstream")
    engine = Engine(folder)
    finished: set[str] = set()

    def finish(entry: RecipeEntry) -> None:
        config = small_config(engine, entry, "quick", entry.default_data, half(entry))
        if builds_on_another(entry, config):
            finish(engine.families.recipe(entry.after[0]))
        if entry.id not in finished:
            job = engine.start(config)
            assert job.join(240)
            assert job.state is JobState.FINISHED, job.error
            finished.add(entry.id)

    for entry in ENTRIES:
        if builds_on_another(entry, small_config(engine, entry, "quick", entry.default_data, half(entry))):
            finish(engine.families.recipe(entry.after[0]))
    engine.close()
    return engine.runs.folder


def builds_on_another(entry: RecipeEntry, config: RunConfig) -> bool:
    recipe = entry.load()
    return bool(entry.after) and recipe.builds_on(checked(recipe.Config, config.config))


@pytest.fixture(scope="module")
def trained(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, upstream_runs: Path
) -> Iterator[Trained]:
    entry, preset = request.param
    folder = tmp_path_factory.mktemp(f"{entry.id}-{preset}")
    source = smallest_data(entry, folder)
    engine = Engine(folder / "data")
    watcher = Watcher(engine)
    if entry.after:
        shutil.copytree(upstream_runs, folder / "data" / "runs")

    def config(steps: int) -> RunConfig:
        return small_config(engine, entry, preset, source, steps)

    def finish(job: Any) -> Run:
        assert job.join(240)
        assert job.state is JobState.FINISHED, job.error
        return engine.runs.open(job.run.id)

    steps = half(entry)
    whole = finish(engine.start(config(2 * steps)))
    previews = tuple(event.preview for event in watcher.of(PreviewReady) if not event.passing)
    halves = None
    if (entry, preset) in RESUMED:
        halves = finish(engine.resume(finish(engine.start(config(steps))).id, steps))
    data = DataLibrary(engine.library.folder).open(source, config(steps).data_options)
    Path(source).unlink(missing_ok=True)
    yield Trained(entry, config(steps), engine, whole, halves, previews, data)
    engine.close()


@every_preset
def test_a_preset_trains_with_finite_metrics_that_are_declared(trained: Trained) -> None:
    history = trained.whole.history()
    declared = [spec.name for spec in trained.entry.metrics(trained.config.config)]
    steps_in_all = list(range(1, 2 * half(trained.entry) + 1))
    trained_by = [name for name in history if not name.startswith("validation/")]
    assert trained_by == [name for name in declared if name in trained_by]
    assert {name.removeprefix("validation/") for name in history} == set(declared)  # some on held-out data only
    for name, (steps, values) in history.items():
        assert np.isfinite(values).all(), name
        assert set(steps.tolist()) <= set(steps_in_all), name
        if name in trained_by and not trained.recipe.in_turns:
            assert steps.tolist() == steps_in_all, name


@every_preset
def test_a_preset_is_a_valid_config(trained: Trained) -> None:
    assert RunConfig.model_validate_json(trained.config.model_dump_json()) == trained.config
    own = checked(trained.recipe.Config, trained.config.config)
    for name, value in trained.entry.preset(trained.config.preset).items():
        if name in ("steps", *SMALL):
            continue  # the few of this test
        common = {**trained.config.settings.model_dump(), **trained.config.data_options.model_dump()}
        dumped = {**common, **own.model_dump(mode="json")}
        assert dumped[name] == value, name


@every_preset
def test_previews_are_plain_arrays_of_a_known_kind(trained: Trained) -> None:
    assert trained.previews
    names = [preview.name for preview in trained.previews]
    assert len(set(names)) == len(names)
    for preview in trained.previews:
        assert isinstance(preview, typing.get_args(Preview))
        assert preview.title
        assert preview.description.endswith("."), preview.name
        assert preview.name.replace("-", "").isalnum()
        if isinstance(preview, ImagePreview):
            assert_images(preview)
        if isinstance(preview, ScatterPreview):
            assert_points(preview)
        if isinstance(preview, HeatMapPreview):
            assert preview.values.shape == (len(preview.rows), len(preview.columns))
            assert np.isfinite(preview.values).all()
        if isinstance(preview, BarsPreview):
            for chart in preview.charts:
                assert_bars(chart)
        if isinstance(preview, TextPreview):
            assert len(preview.texts) == len(preview.captions) > 0
        if isinstance(preview, ScorePreview):
            assert len(preview.scores) == len(preview.captions) > 0
        if isinstance(preview, TablePreview):
            assert {len(row) for row in preview.rows} <= {len(preview.columns)}


def assert_bars(chart: BarChart) -> None:
    assert chart.title
    assert chart.values.ndim == 2
    assert np.isfinite(chart.values).all()
    assert len(chart.labels) in (0, chart.values.shape[1])
    assert len(chart.series) in (0, len(chart.values))
    assert chart.labels or chart.low < chart.high


def assert_images(preview: ImagePreview) -> None:
    images, columns = preview.images, preview.columns
    assert images.dtype == np.uint8
    assert images.ndim == 4
    assert images.shape[-1] in (1, 3)
    assert 1 <= columns <= len(images)
    assert len(preview.captions) in (0, len(images))
    assert len(preview.row_titles) in (0, math.ceil(len(images) / columns))


def assert_points(preview: ScatterPreview) -> None:
    count = len(preview.points)
    assert (preview.points.dtype, preview.points.shape) == (np.float32, (count, 2))
    assert (preview.labels.dtype, preview.labels.shape) == (np.int64, (count,))
    assert np.isfinite(preview.points).all()
    assert -1 <= preview.labels.min() <= preview.labels.max() < max(1, len(preview.classes))


@every_resumed
def test_a_resumed_run_equals_an_uninterrupted_one_to_the_bit(trained: Trained) -> None:
    assert trained.halves is not None
    (step, whole), (other, halves) = trained.whole.load(), trained.halves.load()
    assert step == other == 2 * half(trained.entry)
    del whole["seconds"], halves["seconds"]
    assert_same(whole, halves)


@every_preset
def test_state_comes_back_in_a_new_recipe(trained: Trained, tmp_path: Path) -> None:
    _, saved = trained.whole.load()
    before = trained.engine.upstreams.before(trained.whole)
    context = Context(CPU, 1, trained.whole.folder / "products", before)
    recipe = trained.recipe(checked(trained.recipe.Config, trained.config.config), trained.data, context)
    recipe.model().load_state_dict(saved["model"])
    recipe.load_state(saved["recipe"])
    save_checkpoint(tmp_path / "state.safetensors", {"model": recipe.model().state_dict(), "recipe": recipe.state()})
    recipe.close()
    assert_same(load_checkpoint(tmp_path / "state.safetensors"), {"model": saved["model"], "recipe": saved["recipe"]})


@every_preset
def test_the_model_needs_no_data_and_does_what_it_offers(trained: Trained) -> None:
    model, info = trained.model(), trained.info
    kinds = (Classifies, Composes, Decodes, Drives, Encodes, Foresees, Orchestra, Races, Samples, Writes)
    offered = [kind for kind in kinds if isinstance(model, kind)]
    assert offered
    with torch.inference_mode():
        if isinstance(model, Writes):
            assert_reads_on(model)
        if isinstance(model, Decodes):
            codes = torch.randn(3, model.latent_size, generator=torch.Generator().manual_seed(1))
            assert_pictures(model.decode(codes), 3, info)
        if isinstance(model, Encodes):
            codes = model.encode(torch.rand(3, *info.item_shape))
            assert codes.shape == (3, model.latent_size)
            assert codes.isfinite().all()
        if isinstance(model, Samples):
            one, same, other = (model.sample(5, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))
            assert_pictures(one, 5, info)
            assert torch.equal(one, same)
            assert not torch.equal(one, other)


def assert_reads_on(model: Writes) -> None:
    """Reading token by token comes to the same as reading all at once."""
    tokens = torch.arange(24).reshape(2, 12) % len(model.text.vocabulary)
    logits, state = model.read(tokens), model.begin(2)
    for at in range(12):
        last, state = model.advance(tokens[:, at : at + 1], state)
        torch.testing.assert_close(last, logits[:, at], rtol=1e-3, atol=1e-4)


def assert_pictures(pictures: torch.Tensor, count: int, info: ImageInfo) -> None:
    assert pictures.shape == (count, *info.item_shape)
    assert pictures.dtype == torch.float32
    assert 0 <= pictures.min() <= pictures.max() <= 1


@every_preset
def test_the_model_can_be_built_without_memory_or_random_numbers(trained: Trained) -> None:
    before = torch.get_rng_state()
    with torch.device("meta"):
        model = trained.recipe.build(checked(trained.recipe.Config, trained.config.config), trained.info)
    assert torch.equal(before, torch.get_rng_state())
    saved = trained.whole.load(only="model")[1]
    assert {name: tensor.shape for name, tensor in model.state_dict().items()} == {
        name: tensor.shape for name, tensor in saved.items()
    }
    assert {tensor.device.type for tensor in model.state_dict().values()} == {"meta"}


def assert_same(one: Any, other: Any, path: str = "") -> None:
    """Compare trees of plain data and tensors to the bit."""
    assert type(one) is type(other), path
    if isinstance(one, dict):
        assert one.keys() == other.keys(), path
        for key, value in one.items():
            assert_same(value, other[key], f"{path}/{key}")
    elif isinstance(one, list | tuple):
        assert len(one) == len(other), path
        for index, (mine, theirs) in enumerate(zip(one, other, strict=True)):
            assert_same(mine, theirs, f"{path}/{index}")
    elif isinstance(one, torch.Tensor):
        assert torch.equal(one, other), path
    else:
        assert one == other, path
