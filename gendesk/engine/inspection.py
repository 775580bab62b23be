"""A look into the networks of a recipe before, during or after training: shapes, parameters and work of every layer.

The networks are built on torch's meta device, where a tensor has a shape and no contents. So a look takes no memory and
no random number, and a training in the same process does not notice it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import prod
from typing import Any

import torch
from torch import Tensor, nn

from gendesk.config import ConfigModel, checked
from gendesk.data.catalogue import find_entry
from gendesk.data.dataset import DatasetInfo, DatasetKind, ImageInfo, PointInfo, ScoreInfo, TextInfo
from gendesk.data.entry import CatalogueEntry
from gendesk.data.options import DEFAULT_OPTIONS, DataOptions, RaceOptions, ScoreOptions, TextOptions
from gendesk.data.races import make_races
from gendesk.engine.capabilities import Classifies, Composes, Decodes, Drives, Encodes, Foresees, Judges, Writes
from gendesk.engine.families import RecipeEntry
from gendesk.engine.music.console import Orchestra
from gendesk.engine.recipe import Model, Recipe
from gendesk.errors import InputError
from gendesk.music.chords import chord_name
from gendesk.music.tokens.chord_view import START, UNKNOWN

Shape = tuple[int, ...]
_BYTES = 4  # of a float32
_USUAL_SHAPE = (28, 28, 1)
_USUAL_CLASSES = tuple("0123456789")
_USUAL_VOCABULARY = {"characters": 80, "words": 4_000, "byte pairs": 2_000}
_USUAL_CHORDS, _USUAL_DURATIONS, _USUAL_VOICES = 387, 18, 4
_KINDS: tuple[tuple[type[nn.Module], str], ...] = (
    (nn.modules.conv._ConvTransposeNd, "Transposed convolution"),  # noqa: SLF001 (the common base has no public name)
    (nn.modules.conv._ConvNd, "Convolution"),  # noqa: SLF001
    (nn.Linear, "Dense"),
    (nn.modules.batchnorm._BatchNorm, "Batch normalisation"),  # noqa: SLF001
    (nn.LeakyReLU, "Leaky ReLU"),
    (nn.Embedding, "Embedding"),
)


@dataclass(frozen=True)
class LayerInfo:
    """One layer; shapes are without the batch and empty where the layer was not reached.

    `network` is the part of the model that it belongs to ("encoder"), `name` its place in it ("trunk.0"); `kernel` and
    `stride` are empty where a layer has none. `share` is its part of all parameters, in [0, 1]. `multiply_adds` and
    `activation_bytes` (of its output, as float32) are for one item.
    """

    network: str
    name: str
    kind: str
    inputs: Shape
    outputs: Shape
    kernel: Shape
    stride: Shape
    parameters: int
    share: float
    multiply_adds: int
    activation_bytes: int


@dataclass(frozen=True)
class Inspection:
    """All layers of a model in the order of the data's way, and their sums.

    `shape` is (channels, height, width) of what goes in. `problem` is a sentence if the way could not be followed: then
    layers have no shapes.
    """

    layers: tuple[LayerInfo, ...]
    shape: Shape
    problem: str = ""

    @property
    def parameters(self) -> int:
        """Weights and biases, and the running statistics of batch normalisation, as Keras counts them."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def multiply_adds(self) -> int:
        return sum(layer.multiply_adds for layer in self.layers)

    @property
    def activation_bytes(self) -> int:
        return sum(layer.activation_bytes for layer in self.layers)

    @property
    def networks(self) -> tuple[str, ...]:
        """The parts of the model in order."""
        return tuple(dict.fromkeys(layer.network for layer in self.layers))


def assumed_info(data: str, options: DataOptions = DEFAULT_OPTIONS) -> DatasetInfo:
    """Describe a data set that has not been opened, by what is known of its name and options; else 28x28 and grey."""
    entry = _entry(data)
    facts = {"name": data, "title": data, "fingerprint": "", "train_count": 1, "test_count": 1}
    if entry is not None and entry.kind is DatasetKind.POINTS:
        return PointInfo(width=1.0, height=1.0, **facts)
    if isinstance(options, RaceOptions):
        return make_races().info
    if isinstance(options, TextOptions):
        return _assumed_text(options, facts)
    if isinstance(options, ScoreOptions):
        return _assumed_scores(options, facts)
    height, width, channels = entry.shape if entry else _USUAL_SHAPE
    if options.image_size:
        height = width = options.image_size
    return ImageInfo(
        height=height,
        width=width,
        channels={"grey": 1, "rgb": 3}.get(options.color, channels),
        classes=entry.classes if entry else _USUAL_CLASSES,
        attributes=entry.attributes if entry else (),
        **facts,
    )


def _assumed_text(options: TextOptions, facts: Mapping[str, Any]) -> TextInfo:
    """Describe a text by the size that its vocabulary is likely to have."""
    size = options.vocabulary_size or _USUAL_VOCABULARY[options.unit]
    vocabulary = tuple(f"token {number}" for number in range(size))
    return TextInfo(unit=options.unit, vocabulary=vocabulary, train_characters=1, test_characters=1, **facts)


def _assumed_scores(options: ScoreOptions, facts: Mapping[str, Any]) -> ScoreInfo:
    """Describe music by the sizes that the book's vocabularies have: 387 chords and 18 durations."""
    lowest, highest = 36, 81
    pairs = [(low, high) for low in range(lowest, highest) for high in range(low + 1, highest + 1)]
    chords = (START, UNKNOWN, *(chord_name(pair) for pair in pairs))
    return ScoreInfo(
        notes=1,
        voices=options.voices or _USUAL_VOICES,
        lowest=lowest,
        highest=highest,
        longest=64.0,
        steps_per_beat=options.steps_per_beat,
        chords=chords[:_USUAL_CHORDS],
        durations=tuple(str(Fraction(steps, options.steps_per_beat)) for steps in range(_USUAL_DURATIONS)),
        **facts,
    )


def _entry(data: str) -> CatalogueEntry | None:
    try:
        return find_entry(data)
    except InputError:  # an unknown name, which is told when it is opened
        return None


def inspect(
    recipe: RecipeEntry | type[Recipe[Any, Any]], config: ConfigModel | Mapping[str, Any], info: DatasetInfo
) -> Inspection:
    """Return the layers of a recipe's model for these settings and data.

    Raises InputError with a sentence if the settings do not suit the recipe or the data, and PluginError if the recipe
    cannot be loaded.
    """
    recipe = recipe.load() if isinstance(recipe, RecipeEntry) else recipe
    values = config if isinstance(config, ConfigModel) else checked(recipe.Config, config)
    try:
        with torch.device("meta"):
            model = recipe.build(values, info)
    except (RuntimeError, OverflowError, MemoryError) as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        raise InputError(f"The networks cannot be built from these settings: {reason}.") from error
    model.eval()
    tracks: dict[str, _Track] = {}
    problem = ""
    with _watched(model, tracks):
        try:
            _follow(model, info)
        except RuntimeError as error:
            reason = str(error).partition("\n")[0].rstrip(".")
            problem = f"The way through the networks cannot be followed: {reason}."
    return Inspection(tuple(_layers(model, tracks)), info.item_shape, problem)


@dataclass
class _Track:
    """What a layer was seen to do: shapes of its first call, work and memory of all."""

    inputs: Shape
    outputs: Shape
    multiply_adds: int = 0
    activations: int = 0


@torch.inference_mode()
def _follow(model: Model, info: DatasetInfo) -> None:
    """Send one item of nothing through whatever the model can do."""
    if isinstance(model, Encodes):
        model.encode(torch.empty(1, *info.item_shape, device="meta"))
    elif isinstance(model, Classifies):
        model.classify(torch.empty(1, *info.item_shape, device="meta"))
    if isinstance(model, Decodes):
        model.decode(torch.empty(1, model.latent_size, device="meta"))
    if isinstance(model, Judges):
        model.judge(torch.empty(1, *info.item_shape, device="meta"))
    if isinstance(model, Writes):
        model.read(torch.zeros(1, 1, dtype=torch.int64, device="meta"))
    if isinstance(model, Composes):
        model.read(torch.zeros(1, model.window, model.parts, dtype=torch.int64, device="meta"))
    if isinstance(model, Foresees):
        codes = torch.empty(1, 1, model.latent_size, device="meta")
        _, remembered = model.foresee(codes, torch.empty(1, 1, 3, device="meta"), torch.empty(1, 1, device="meta"))
        if isinstance(model, Drives):
            model.drive(codes[:, 0], remembered)
    if isinstance(model, Orchestra):
        model.judge(model.perform(torch.empty(1, model.parts, model.size, device="meta")))


def _parts(model: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    """Return whatever has parameters of its own or no parts, with its dotted name; the model itself has "model"."""
    for name, module in model.named_modules():
        leaf = name and not any(module.children()) and not isinstance(module, nn.Identity)
        if leaf or any(True for _ in module.parameters(recurse=False)):
            yield name or "model", module


@contextmanager
def _watched(model: nn.Module, tracks: dict[str, _Track]) -> Iterator[None]:
    hooks = [part.register_forward_hook(partial(_note, tracks, name)) for name, part in _parts(model)]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _note(tracks: dict[str, _Track], name: str, module: nn.Module, given: tuple[Any, ...], made: Any) -> None:
    result = made[0] if isinstance(made, tuple) else made
    if not (given and isinstance(given[0], Tensor) and isinstance(result, Tensor)):
        return
    inputs, outputs = tuple(given[0].shape[1:]), tuple(result.shape[1:])
    track = tracks.setdefault(name, _Track(inputs, outputs))
    track.multiply_adds += _multiply_adds(module, inputs, outputs)
    track.activations += prod(outputs)


def _multiply_adds(module: nn.Module, inputs: Shape, outputs: Shape) -> int:
    """Count what one item costs; layers that only look at each value by itself count nothing."""
    if isinstance(module, nn.modules.conv._ConvTransposeNd):  # noqa: SLF001
        return module.weight.numel() * prod(inputs[1:])
    if isinstance(module, nn.modules.conv._ConvNd):  # noqa: SLF001
        return module.weight.numel() * prod(outputs[1:])
    if isinstance(module, nn.Linear):
        return module.weight.numel() * prod(outputs[:-1])
    if isinstance(module, nn.modules.batchnorm._BatchNorm):  # noqa: SLF001
        return prod(outputs)
    if isinstance(module, nn.RNNBase):
        return sum(weight.numel() for weight in module.parameters()) * inputs[0]
    return 0


def _layers(model: nn.Module, tracks: dict[str, _Track]) -> Iterator[LayerInfo]:
    """Return the layers in the order in which they were reached, and after them those that were not."""
    parts = dict(_parts(model))
    counts = {name: _parameter_count(part) for name, part in parts.items()}
    total = max(1, sum(counts.values()))
    for name in (*tracks, *(name for name in parts if name not in tracks)):
        network, _, place = name.partition(".")
        part, track = parts[name], tracks.get(name, _Track((), ()))
        yield LayerInfo(
            network=network,
            name=place or network,
            kind=next((title for kind, title in _KINDS if isinstance(part, kind)), type(part).__name__),
            inputs=track.inputs,
            outputs=track.outputs,
            kernel=_lengths(part, "kernel_size"),
            stride=_lengths(part, "stride"),
            parameters=counts[name],
            share=counts[name] / total,
            multiply_adds=track.multiply_adds,
            activation_bytes=track.activations * _BYTES,
        )


def _parameter_count(part: nn.Module) -> int:
    statistics = (
        buffer for name, buffer in part.named_buffers(recurse=False) if name in ("running_mean", "running_var")
    )
    return sum(tensor.numel() for tensor in (*part.parameters(recurse=False), *statistics))


def _lengths(part: nn.Module, name: str) -> Shape:
    value = getattr(part, name, ())
    return (value,) if isinstance(value, int) else tuple(value)
