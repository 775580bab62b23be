"""What the recipes of the family show of themselves."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from gendesk.data.dataset import ImageDataset, ImageSplit, Int64Array, UInt8Array
from gendesk.engine.batches import to_images, to_tensor
from gendesk.engine.preview import BarChart, BarsPreview, ImagePreview, Preview
from gendesk.engine.recipe import Context
from gendesk.nn import regularisers

from .config import GanConfig
from .models import Gan

_SAMPLES, _COLUMNS = 36, 9
_PAIRS = 9
_NEAREST, _SEARCHED, _BLOCK = 9, 5000, 500
_STEPS = 9
_BINS = 40

_SAMPLES_TEXT = (
    "Pictures made from the same random numbers at every step, so that you see the generator learn; below each the "
    "critic's verdict. Look for variety: the same picture again and again is mode collapse."
)
_PAIRS_TEXT = (
    "Real pictures above, generated ones below, and under each the critic's verdict. When you cannot tell the rows "
    "apart, neither should the critic."
)
_NEAREST_TEXT = (
    "Generated pictures above, and below each the training picture that is closest to it, with the mean difference "
    "of their pixels in grey levels of 255. A generator that has learnt by heart shows the same picture twice."
)
_WALK_TEXT = (
    "From one random code to another, over the sphere that codes lie on. Every picture on the way should be as good "
    "as the ends, and change into the next one without a break."
)
_SCORES_TEXT = (
    "The critic's verdicts on held-out pictures and on generated ones. Two humps far apart: the critic sees through "
    "everything. One on the other: it cannot tell."
)
_MIXED_TEXT = (
    "Pictures between a generated one and a real one, where the gradient penalty looks at the critic; each is a "
    "random share of both."
)
_NORMS_TEXT = (
    "How fast the critic's score changes at pictures between real and generated ones. The penalty draws the norms "
    "towards 1; a hump there is a healthy critic."
)
_FLAT_TEXT = (
    "How fast the critic's score changes at real pictures. R1 draws the norms towards 0; a hump close to it is a "
    "healthy critic."
)
_WEIGHTS_TEXT = (
    "The weights of the critic between the bounds that they are cut to. A hump in the middle is healthy; two towers "
    "at the ends mean that clipping has left a critic that can only be for or against."
)


@torch.inference_mode()
def of_game(model: Gan, config: GanConfig, data: ImageDataset, context: Context) -> Iterator[Preview]:
    """Yield what every game shows; what only some have, where the config says so."""
    codes = model.random_codes(_SAMPLES, context.fixed_generator(purpose=3))
    made = model.decode(codes)
    verdicts = captions(model.judge(made))
    yield ImagePreview("samples", "Samples", to_images(made), _COLUMNS, verdicts, description=_SAMPLES_TEXT)
    yield beside_real(model, data.test, made[:_PAIRS])
    yield nearest(data.train, to_images(made[:_NEAREST]))
    yield walk(model, codes[0], codes[1])
    real = to_tensor(np.array(data.test.images[spread(data.test, 500)]), context.device)
    yield score_histogram(model, real, made)
    if config.regulariser in ("gradient-penalty", "r1"):
        yield from gradients(model, config, real[:64], context)
    if config.regulariser == "clip":
        yield weight_histogram(model, config.clip)


def spread(split: ImageSplit, count: int) -> Int64Array:
    """Return where up to `count` pictures stand, spread evenly over a split."""
    return np.linspace(0, len(split) - 1, min(count, len(split))).astype(np.int64)


def captions(verdicts: Tensor) -> tuple[str, ...]:
    """Return verdicts (count,) as texts short enough for small tiles."""
    return tuple(f"{value:.2f}" if abs(value) < 1 else f"{value:.3g}" for value in verdicts.tolist())


def beside_real(model: Gan, split: ImageSplit, made: Tensor) -> ImagePreview:
    """Show real pictures above generated ones, with the critic's verdict on each."""
    chosen = np.array(split.images[spread(split, len(made))])
    real = to_tensor(chosen, made.device)
    images = np.concatenate([chosen, to_images(made[: len(chosen)])])
    verdicts = captions(torch.cat([model.judge(real), model.judge(made[: len(chosen)])]))
    rows = ("Real", "Generated")
    return ImagePreview("real-and-generated", "Real and generated", images, len(chosen), verdicts, rows, _PAIRS_TEXT)


def nearest(split: ImageSplit, made: UInt8Array) -> ImagePreview:
    """Show generated pictures above their nearest training pictures by mean |a - b| (Foster, section 4.3.5)."""
    flat = torch.from_numpy(made.reshape(len(made), -1)).float()
    best = torch.full((len(made),), float("inf"))
    where = torch.zeros(len(made), dtype=torch.int64)
    searched = spread(split, _SEARCHED)
    for start in range(0, len(searched), _BLOCK):
        part = np.array(split.images[searched[start : start + _BLOCK]])
        distances = torch.cdist(flat, torch.from_numpy(part.reshape(len(part), -1)).float(), p=1)
        closest, at = distances.min(1)
        closer = closest < best
        best, where = torch.where(closer, closest, best), torch.where(closer, at + start, where)
    found = np.array(split.images[searched[where.numpy()]])
    differences = (best / flat.shape[1]).tolist()
    below = ("", *[""] * (len(made) - 1), *(f"{value:.1f}" for value in differences))
    images = np.concatenate([made, found])
    rows = ("Generated", "Nearest")
    return ImagePreview("nearest", "Nearest training pictures", images, len(made), below, rows, _NEAREST_TEXT)


def walk(model: Gan, start: Tensor, end: Tensor) -> ImagePreview:
    """Show the way from one code (latent_size,) to another, along the sphere."""
    shares = torch.linspace(0, 1, _STEPS, device=start.device)[:, None]
    angle = torch.arccos(torch.nn.functional.cosine_similarity(start, end, dim=0).clamp(-0.999, 0.999))
    codes = (torch.sin((1 - shares) * angle) * start + torch.sin(shares * angle) * end) / torch.sin(angle)
    return ImagePreview("walk", "Walk", to_images(model.decode(codes)), _STEPS, description=_WALK_TEXT)


def score_histogram(model: Gan, real: Tensor, made: Tensor) -> BarsPreview:
    """Show how the critic's verdicts on real and on generated pictures are spread."""
    verdicts = [model.judge(pictures).float().cpu().numpy() for pictures in (real, made)]
    low, high = (0.0, 1.0) if model.judges_probabilities else _range_of(np.concatenate(verdicts))
    chart = histogram("Verdicts", verdicts, low, high, ("Real", "Generated"))
    return BarsPreview("verdicts", "Verdicts", (chart,), _SCORES_TEXT)


def gradients(model: Gan, config: GanConfig, real: Tensor, context: Context) -> Iterator[Preview]:
    """Show where a gradient penalty looks, and what it finds there; R1 looks at real pictures."""
    shown = model.from_world(real)
    if config.regulariser == "gradient-penalty":
        generator = context.fixed_generator(purpose=4)
        fake = model.generator(model.random_codes(len(real), generator))
        shown = regularisers.mixed(shown, fake, generator)
        strip = to_images(model.to_world(shown[:_STEPS]))
        yield ImagePreview("mixed", "Between real and generated", strip, _STEPS, description=_MIXED_TEXT)
    with torch.inference_mode(mode=False):
        norms = regularisers.gradient_norms(model.critic, shown.clone(), differentiable=False).cpu().numpy()
    text = _NORMS_TEXT if config.regulariser == "gradient-penalty" else _FLAT_TEXT
    chart = histogram("Gradient norms", [norms], 0.0, max(2.0, float(norms.max()) * 1.05), ())
    yield BarsPreview("gradient-norms", "Gradient norms", (chart,), text)


def weight_histogram(model: Gan, bound: float) -> BarsPreview:
    """Show the critic's weights between the bounds that they are cut to."""
    weights = torch.cat([weight.detach().flatten() for weight in model.critic.parameters()]).cpu().numpy()
    chart = histogram("Weights of the critic", [weights], -bound, bound, ())
    return BarsPreview("weights", "Weights of the critic", (chart,), _WEIGHTS_TEXT)


def histogram(title: str, series: list[np.ndarray], low: float, high: float, names: tuple[str, ...]) -> BarChart:
    """Return the shares of numbers in even bins from `low` to `high`, a series each."""
    edges = np.linspace(low, high, _BINS + 1)
    counts = [np.histogram(np.clip(values, low, high), edges)[0] / max(1, len(values)) for values in series]
    return BarChart(title, np.stack(counts).astype(np.float32), (), names, low, high)


def _range_of(values: np.ndarray) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    return (low, high) if high - low > 1e-6 else (low - 1, high + 1)
