"""`fast` precision measures with real steps and leaves no trace of them."""

import copy
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from gendesk.data.library import DataLibrary
from gendesk.engine.events import JobState
from gendesk.engine.precision import choose_fast, exact
from gendesk.engine.recipe import Context, Recipe
from tests.support.training import engine_in, families, small_pictures


def recipe_on(pictures: Path, folder: Path, **values: Any) -> Recipe[Any, Any]:
    recipe = families().recipe("vae").load()
    narrow = [{"filters": 4, "kernel": 3, "stride": 2}]
    config = recipe.Config(encoder=narrow, decoder=narrow, batch_size=8, batch_norm=True, dropout=0.1, **values)
    torch.manual_seed(1)
    return recipe(config, DataLibrary(folder).open(str(pictures)), Context(torch.device("cpu"), 1))


def everything(recipe: Recipe[Any, Any]) -> dict[str, Any]:
    """Return a copy of all that the next step depends on."""
    state = {"model": recipe.model().state_dict(), "recipe": recipe.state(), "torch": torch.get_rng_state()}
    numbers = {"python": random.getstate(), "numpy": np.random.get_state(), "own": recipe.context.generator.get_state()}  # noqa: NPY002
    return copy.deepcopy({**state, **numbers})


def same(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, torch.Tensor | np.ndarray):
        return bool((one == other).all())
    return bool(one == other)


@pytest.mark.parametrize("steps_before", [0, 2])
def test_measuring_leaves_no_trace(data_dir: Path, tmp_path: Path, steps_before: int) -> None:
    recipe = recipe_on(small_pictures(tmp_path), data_dir)
    for _ in range(steps_before):
        recipe.step()
    before = everything(recipe)
    choice = choose_fast(recipe)
    assert same(before, everything(recipe))
    assert recipe.context.dtype is torch.float32
    assert choice.dtype in (torch.float32, torch.bfloat16)
    assert choice.name in ("float32", "bfloat16")
    assert choice.reason.startswith("fast: ")


def test_a_machine_without_bfloat16_trains_in_float32(data_dir: Path, tmp_path: Path) -> None:
    recipe = recipe_on(small_pictures(tmp_path), data_dir)
    step = recipe.step

    def step_in_float32() -> Any:
        if recipe.context.dtype is torch.bfloat16:
            raise RuntimeError("no kernel for bfloat16")
        return step()

    recipe.step = step_in_float32  # type: ignore[method-assign]
    before = everything(recipe)
    choice = choose_fast(recipe)
    assert choice.dtype is torch.float32
    assert "cannot train this model in bfloat16" in choice.reason
    assert same(before, everything(recipe))


def test_exact_is_float32() -> None:
    assert (exact().dtype, exact().name) == (torch.float32, "float32")


def test_a_fast_run_comes_to_its_end(data_dir: Path, tmp_path: Path) -> None:
    with engine_in(data_dir) as engine:
        config = engine.config("vae", data=str(small_pictures(tmp_path)), steps=3, precision="fast", device="cpu")
        job = engine.start(config)
        assert job.join(60)
        assert job.state is JobState.FINISHED, job.error
        assert job.run.record.precision in ("float32", "bfloat16")
        assert job.run.history()["total"][0].tolist() == [1, 2, 3]


def test_bfloat16_trains_as_well(data_dir: Path, tmp_path: Path) -> None:
    recipe = recipe_on(small_pictures(tmp_path), data_dir)
    recipe.context.dtype = torch.bfloat16
    losses = [recipe.step()["total"].item() for _ in range(3)]
    assert np.isfinite(losses).all()
    assert {tensor.dtype for tensor in recipe.model().parameters()} == {torch.float32}
