"""The training doctor of games speaks of what is wrong, keeps silent of what is well, and offers changes that work."""

import random
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pytest
import torch
from gendesk.plugins.gan.config import GanConfig
from gendesk.plugins.gan.doctor.checks import doctor
from gendesk.plugins.gan.doctor.failures import FAILURES, changes_of
from gendesk.plugins.gan.measures import Memorisation, batch_diversity
from gendesk.plugins.gan.recipes import WganConfig, WganGpConfig

from gendesk.data.dataset import ImageDataset, ImageInfo, ImageSplit
from gendesk.engine.health import Finding

GOOD = {"validation/distance": 20.0, "validation/diversity": 0.9, "validation/checkerboard": 0.2}
WELL = {"accuracy_real": 0.8, "accuracy_fake": 0.8, "batch_diversity": 0.9, "d_mean": 0.5, "g": 1.2}


def history(
    metrics: Mapping[str, float], steps: int = 1000, **held_out: float
) -> Iterable[tuple[int, dict[str, float]]]:
    """Yield measurements that jitter a little around these, validated every 100 steps."""
    chance = random.Random(1)
    for step in range(1, steps + 1):
        yield step, {name: value * chance.uniform(0.95, 1.05) for name, value in metrics.items()}
        if step % 100 == 0:
            yield step, GOOD | {f"validation/{name}": value for name, value in held_out.items()}


def findings(config: Any, data: ImageInfo, rows: Iterable[tuple[int, dict[str, float]]]) -> list[Finding]:
    checks = doctor(config, data)
    found = [check.look(step, values) for step, values in rows for check in checks]
    return [finding for finding in found if finding]


@pytest.fixture
def pictures() -> ImageDataset:
    rng = np.random.default_rng(3)
    images = rng.integers(0, 256, (220, 8, 8, 1), dtype=np.uint8)
    train, test = ImageSplit(images[:180], np.zeros(180, np.int64)), ImageSplit(images[180:], np.zeros(40, np.int64))
    info = ImageInfo(
        name="noise", title="Noise", fingerprint="0", train_count=180, test_count=40, height=8, width=8, channels=1
    )
    return ImageDataset(info, train, test)


def game(**changes: Any) -> Any:
    return GanConfig().with_values(changes)


def of_distance(**values: float) -> dict[str, float]:
    return {"batch_diversity": 0.9, "d_mean": -2.0, "g": 3.0, "wasserstein": 4.0, **values}


HEALTHY = {
    "cross-entropy": (game(), WELL),
    "guessing before good samples": (game(), {**WELL, "accuracy_real": 0.5, "accuracy_fake": 0.5}),
    "clipped": (WganConfig(), of_distance(clipped=0.3)),
    "penalised": (WganGpConfig(), of_distance(gradient_norm=0.95)),
    "a distance that is sure": (WganGpConfig(), of_distance(gradient_norm=1.05, wasserstein=12.0)),
}
ILL = {
    "mode-collapse": (game(), {**WELL, "batch_diversity": 0.2}, {}),
    "critic-too-strong": (game(), {**WELL, "accuracy_real": 1.0, "accuracy_fake": 1.0, "d_mean": 0.01}, {}),
    "unbounded-critic": (WganConfig().with_values({"clip": 100.0}), of_distance(wasserstein=5000.0, clipped=0.0), {}),
    "clip-saturation": (WganConfig(), of_distance(clipped=0.8), {}),
    "gradient-penalty": (WganGpConfig(), of_distance(gradient_norm=2.0), {}),
    "checkerboard": (game(), WELL, {"checkerboard": 9.0}),
    "memorisation": (game(), WELL, {"memorised": 0.6}),
}


@pytest.mark.parametrize("name", HEALTHY)
def test_a_game_that_is_well_is_left_alone(name: str, pictures: ImageDataset) -> None:
    config, metrics = HEALTHY[name]
    falling = ((step, _better(step, values)) for step, values in history(metrics))
    assert findings(config, pictures.info, falling) == []


def _better(step: int, values: dict[str, float]) -> dict[str, float]:
    return values | ({"validation/distance": 20 + 2000 / step} if "validation/distance" in values else {})


@pytest.mark.parametrize("kind", ILL)
def test_what_is_wrong_is_told_once_with_a_change_that_the_settings_allow(kind: str, pictures: ImageDataset) -> None:
    config, metrics, held_out = ILL[kind]
    found = findings(config, pictures.info, history(metrics, **held_out))
    (finding,) = [finding for finding in found if finding.kind == kind]
    assert len(finding.explanation.split()) > 15
    assert finding.text.endswith(".")
    assert finding.advice.endswith(".")
    assert config.with_values(finding.changes) != config


def test_a_checkerboard_is_mended_by_kernels_that_fit_and_else_by_repeated_pixels(pictures: ImageDataset) -> None:
    layers = [{**layer.model_dump(), "upsampling": False, "kernel": 5} for layer in game().generator_layers]
    kernels = []
    config = game(generator_layers=layers)
    for _ in range(2):
        found = findings(config, pictures.info, history(WELL, checkerboard=9.0))
        config = config.with_values(found[0].changes)
        kernels.append([(layer.upsampling, layer.kernel) for layer in config.generator_layers])
    fitted, repeated = kernels
    assert fitted == [(False, 6 if layer["stride"] == 2 else 5) for layer in layers]
    assert repeated == [(True, 7 if layer["stride"] == 2 else 5) for layer in layers]


def test_learning_by_heart_is_answered_with_smaller_networks(pictures: ImageDataset) -> None:
    config = game(critic_dropout=0.0)
    (finding,) = findings(config, pictures.info, history(WELL, memorised=0.6))
    changed = config.with_values(finding.changes)
    assert [layer.filters for layer in changed.critic_layers] == [32, 32, 64, 64]
    assert (changed.first_filters, changed.critic_dropout) == (32, 0.3)


def test_guessing_is_told_while_samples_do_not_get_better(pictures: ImageDataset) -> None:
    rows = history({**WELL, "accuracy_real": 0.5, "accuracy_fake": 0.5})
    config = game(generator_steps=20)
    (finding,) = findings(config, pictures.info, rows)
    assert finding.kind == "critic-too-weak"
    assert config.with_values(finding.changes).generator_steps == 1


def test_the_same_picture_again_and_again_is_told(pictures: ImageDataset) -> None:
    (finding,) = findings(game(), pictures.info, history({**WELL, "batch_diversity": 0.0}, diversity=0.0))
    assert finding.kind == "mode-collapse"


def test_scores_that_are_all_alike_are_told(pictures: ImageDataset) -> None:
    config = WganConfig().with_values({"clip": 0.0005})
    (finding,) = findings(config, pictures.info, history(of_distance(wasserstein=0.0, d_mean=0.0, clipped=0.1)))
    assert finding.kind == "critic-too-weak"
    assert config.with_values(finding.changes).clip == 0.0015


@pytest.mark.parametrize(("config", "level"), [(game(), 0.5), (WganGpConfig(), -3.0)], ids=["bce", "wasserstein"])
def test_swings_that_leave_their_band_are_told(config: Any, level: float, pictures: ImageDataset) -> None:
    chance = random.Random(2)

    def rows() -> Iterable[tuple[int, dict[str, float]]]:
        for step in range(1, 1501):
            width = 0.1 if step < 900 else 1.2
            yield step, {"d_mean": level * (1 + chance.uniform(-width, width))}

    found = findings(config, pictures.info, rows())
    assert [finding.kind for finding in found] == ["oscillation"]
    assert config.with_values(found[0].changes).critic_learning_rate < config.critic_learning_rate


def test_a_rising_loss_beside_better_samples_is_explained(pictures: ImageDataset) -> None:
    rows = [
        (step, {**WELL, "g": 1 + step / 500, **({"validation/distance": 60 - step / 25} if step % 100 == 0 else {})})
        for step in range(1, 1001)
    ]
    (finding,) = findings(game(), pictures.info, rows)
    assert finding.kind == "uninformative-loss"
    assert game().with_values(finding.changes).objective == "wasserstein"


def test_checks_are_those_of_the_game(pictures: ImageDataset) -> None:
    names = [{type(check).__name__ for check in doctor(config, pictures.info)} for config in (game(), WganConfig())]
    assert "CriticTooStrong" in names[0] - names[1]
    assert "ClipSaturation" in names[1] - names[0]


# The gallery


@pytest.mark.parametrize("config", [game(), WganConfig(), WganGpConfig()], ids=["gan", "wgan", "wgan-gp"])
def test_every_failure_can_be_provoked_in_every_game(config: Any) -> None:
    changes = changes_of(config.model_dump(mode="json"))
    assert list(changes) == [failure.kind for failure in FAILURES]
    for kind, changed in changes.items():
        own = {name: value for name, value in changed.items() if name in type(config).model_fields}
        spoilt = config.with_values(own)
        assert spoilt != config or kind in ("memorisation", "uninformative-loss")


def test_sketches_can_be_drawn() -> None:
    for failure in FAILURES:
        heights = [line for _, line in failure.sketch.lines]
        assert bool(heights) != (failure.sketch.picture is not None)
        assert all(line.min() >= 0 and line.max() <= 1 for line in heights)


# The measures


def test_copies_are_told_from_pictures_of_the_same_kind(pictures: ImageDataset) -> None:
    meter = Memorisation(pictures, torch.device("cpu"))
    train = torch.from_numpy(pictures.train.images[:40].astype(np.float32) / 255).permute(0, 3, 1, 2)
    others = torch.rand(40, 1, 8, 8, generator=torch.Generator().manual_seed(1))
    assert meter.share(train) == 1
    assert meter.share(others) <= 0.1
    assert meter.share(torch.cat([train, others])) == pytest.approx(0.5, abs=0.05)


def test_the_diversity_of_a_batch_is_a_share_of_that_of_real_pictures() -> None:
    real = torch.rand(64, 1, 8, 8, generator=torch.Generator().manual_seed(1))
    assert batch_diversity(real, real) == 1
    assert batch_diversity(0.5 * real, real) == pytest.approx(0.5)
    assert batch_diversity(real[:1].expand(64, -1, -1, -1), real) == 0
    assert batch_diversity(real[:1], real[:1]) == 1
