"""What the brushes of latent painting ask of a picture."""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from gendesk.data.dataset import UInt8Array
from gendesk.engine.latent.painting import Wish

FloatArray = NDArray[np.float32]

_SHADE = 0.6  # share of the way to white or black that a stroke of full strength goes
_SMOOTHING = 15.0  # times the usual weight of the prior, for the tool that knows no other aim
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601, for models of grey pictures


class Tool(Enum):
    """What a stroke does to the picture under it."""

    COLOR = "color"
    LIGHTEN = "lighten"
    DARKEN = "darken"
    SMOOTH = "smooth"
    RESTORE = "restore"
    PATTERN = "pattern"


@dataclass(frozen=True)
class Brush:
    """The settings of a stroke: `color` red, green, blue in 0..1, `strength` in 0..1, weights as those of a Wish."""

    tool: Tool
    color: tuple[float, float, float]
    strength: float
    outside: float
    plausible: float


@dataclass(frozen=True)
class Scene:
    """What a stroke begins on, all uint8 (height, width, channels).

    `kept` is the picture as the model draws it; `original` what it was before anything was painted, where that is
    known; `pattern` is the picture to paint with.
    """

    kept: UInt8Array
    original: UInt8Array | None
    pattern: UInt8Array | None


def wish_of(brush: Brush, mask: FloatArray, scene: Scene) -> Wish:
    """Return what a stroke with mask (height, width) wants; a brush that lacks its picture wants things to stay."""
    kept = _light(scene.kept)
    if brush.tool is Tool.SMOOTH:
        usual = brush.plausible * (1 + _SMOOTHING * brush.strength)
        return Wish(mask, kept, kept, 0.0, brush.outside, usual)
    return Wish(mask, _target(brush, kept, scene), kept, 1.0, brush.outside, brush.plausible)


def projection(picture: UInt8Array) -> Wish:
    """Return the wish for the whole of a picture, nearly without a prior: as much of it as the decoder can draw."""
    target = _light(picture)
    return Wish(np.ones(target.shape[:2], np.float32), target, target, 1.0, 0.0, 0.02)


def _target(brush: Brush, kept: FloatArray, scene: Scene) -> FloatArray:
    if brush.tool is Tool.LIGHTEN:
        return kept + np.float32(_SHADE * brush.strength) * (1 - kept)
    if brush.tool is Tool.DARKEN:
        return kept * np.float32(1 - _SHADE * brush.strength)
    if brush.tool is Tool.COLOR:
        color = np.array(brush.color, np.float32)
        wanted = np.broadcast_to(color if kept.shape[2] == 3 else color @ _LUMA, kept.shape)
    else:
        picture = scene.original if brush.tool is Tool.RESTORE else scene.pattern
        wanted = kept if picture is None else _light(picture)
    return kept + np.float32(brush.strength) * (wanted - kept)


def _light(picture: UInt8Array) -> FloatArray:
    """Return a picture in 0..1."""
    return np.asarray(picture, np.float32) / np.float32(255)
