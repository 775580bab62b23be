"""Small runs of world models without training: races on the disk, and untrained models that see, dream and drive."""

from functools import partial
from pathlib import Path

import numpy as np
import torch
from gendesk.plugins.worldmodel.frames import frames_among
from gendesk.plugins.worldmodel.models import DreamingModel, DrivingModel, SeeingModel, World
from gendesk.plugins.worldmodel.networks.controller import ControllerShape, Order, Sees
from gendesk.plugins.worldmodel.racing.episodes import Played
from gendesk.plugins.worldmodel.rollouts import episode_path, save_episode

from gendesk.engine.run_data import RunData

LATENT, UNITS, MIXTURES = 6, 8, 5


def race(seed: int, steps: int = 30) -> Played:
    """Return a race on a road that moves to the side from frame to frame, with a reward in every third step."""
    random = np.random.default_rng(seed)
    observations = np.empty((steps + 1, 64, 64, 3), np.uint8)
    observations[:] = (100, 205, 100)
    for frame in range(steps + 1):
        left = 4 + (5 * seed + frame) % 44
        observations[frame, :, left : left + 16] = 105
    actions = random.uniform((-1, 0, 0), (1, 1, 0.2), (steps, 3)).astype(np.float32)
    rewards = np.where(np.arange(steps) % 3 == 0, 3.1, -0.1)
    return Played(seed, observations, actions, rewards, terminated=False)


def run_folder(folder: Path, seeds: tuple[int, ...] = (3, 1, 2), steps: int = 30) -> Path:
    """Store races as a run in a folder makes them; return the folder."""
    for seed in seeds:
        save_episode(episode_path(folder / "products" / "rollouts", seed), race(seed, steps))
    return folder


def run_data(folder: Path) -> RunData:
    """Return what belongs to a run in a folder, with the frames of its races for pictures."""
    find = partial(frames_among, [folder / "products"])
    return RunData(folder, None, lambda _target: None, step=12, find_pictures=find)


def seeing() -> SeeingModel:
    """Return a model that sees, and that lets half of its numbers unused."""
    torch.manual_seed(1)
    model = SeeingModel(World(4, True, True), LATENT).eval().requires_grad_(requires_grad=False)
    model.vision.log_var.bias[: LATENT // 2] = -3.0
    return model


def dreaming() -> DreamingModel:
    """Return a model that sees and dreams."""
    torch.manual_seed(2)
    return DreamingModel(World(4, True, True), LATENT, UNITS, MIXTURES).eval().requires_grad_(requires_grad=False)


def driving(order: Order = "paper", sees: Sees = "drawn") -> DrivingModel:
    """Return a model that sees, dreams and drives somehow."""
    torch.manual_seed(3)
    shape = ControllerShape(latent_size=LATENT, units=UNITS, pedals="clipped", sees=sees, order=order)
    model = DrivingModel(World(4, True, True), shape, MIXTURES).eval().requires_grad_(requires_grad=False)
    model.set_driver(torch.randn(shape.parameters) * 0.3)
    return model
