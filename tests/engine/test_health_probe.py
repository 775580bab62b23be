"""The probe sees what happens in a step of any recipe, and changes nothing, to the bit."""

from collections.abc import Callable

import pytest
import torch
from torch import nn

from gendesk.engine.events import Warned
from gendesk.engine.health import DeadUnits, Finding, VanishingGradients
from gendesk.engine.health.probe import Probe, layer_sizes
from gendesk.engine.health.warnings_file import WARNINGS_FILE, read_warnings
from tests.support.training import Watcher, engine_in, small_pictures


def network() -> nn.Sequential:
    torch.manual_seed(1)
    convolution = nn.Sequential(nn.Conv2d(1, 16, 3), nn.BatchNorm2d(16), nn.ReLU(inplace=True))
    return nn.Sequential(
        convolution, nn.Flatten(), nn.Linear(16 * 36, 32), nn.ReLU(), nn.Dropout(0.3), nn.Linear(32, 1)
    )


def training(model: nn.Module) -> Callable[[], torch.Tensor]:
    """Return a step as recipes write it: gradients are let go of at its end."""
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    generator = torch.Generator().manual_seed(2)

    def step() -> torch.Tensor:
        loss = model(torch.randn(16, 1, 8, 8, generator=generator)).square().mean()
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        return loss.detach()

    return step


def test_a_watched_training_is_the_same_to_the_bit_and_no_hook_stays() -> None:
    alone, watched = network(), network()
    bare, step = training(alone), training(watched)
    torch.manual_seed(3)
    losses = [bare() for _ in range(20)]
    state = torch.get_rng_state()
    torch.manual_seed(3)
    probe = Probe(every_steps=1, every_seconds=0)
    seen = [probe.around(watched, step)[0] for _ in range(20)]
    assert torch.equal(torch.stack(losses), torch.stack(seen))
    assert torch.equal(state, torch.get_rng_state())
    for name, tensor in alone.state_dict().items():
        assert torch.equal(tensor, watched.state_dict()[name]), name
    assert not any(module._forward_hooks for module in watched.modules())
    assert not any(parameter._post_accumulate_grad_hooks for parameter in watched.parameters())


def test_a_step_that_fails_leaves_no_hook_either() -> None:
    model = network()

    def fail() -> None:
        raise ValueError("a step")

    with pytest.raises(ValueError, match="a step"):
        Probe().around(model, fail)
    assert not any(module._forward_hooks for module in model.modules())
    assert not any(parameter._post_accumulate_grad_hooks for parameter in model.parameters())


def test_gradients_are_those_of_the_step() -> None:
    model = network()
    kept: dict[str, torch.Tensor] = {}

    def step() -> None:
        model(torch.ones(4, 1, 8, 8)).mean().backward()
        kept.update({name: parameter.grad.clone() for name, parameter in model.named_parameters()})
        model.zero_grad(set_to_none=True)

    _, seen = Probe().around(model, step)
    everything = torch.cat([gradient.flatten() for gradient in kept.values()])
    torch.testing.assert_close(seen["gradient"], everything.norm())
    torch.testing.assert_close(seen["gradient/2"], kept["2.weight"].square().mean().sqrt())
    assert {name for name in seen if name.startswith("gradient/")} == {"gradient/0.0", "gradient/2", "gradient/5"}


def watch(model: nn.Module, check: DeadUnits | VanishingGradients, steps: int = 15) -> Finding | None:
    probe, step = Probe(), training(model)
    for number in range(steps):
        _, seen = probe.around(model, step)
        if finding := check.look(number, {name: float(value) for name, value in seen.items()}):
            return finding
    return None


def test_units_that_died_are_found_and_living_ones_are_not() -> None:
    model = network()
    assert watch(model, DeadUnits({})) is None
    with torch.no_grad():
        model[2].bias[:20] = -1000
    finding = watch(model, DeadUnits({}))
    assert finding is not None
    assert finding.text.startswith("66% of the units of 3 put out zero")


def test_of_a_convolution_a_unit_is_a_whole_map() -> None:
    model = network()
    with torch.no_grad():
        model[0][1].bias[:10] = -1000
    finding = watch(model, DeadUnits({}))
    assert finding is not None
    assert finding.text.startswith("62% of the units of 0.2 put out zero")


def test_a_deep_stack_of_sigmoids_loses_its_gradient() -> None:
    assert watch(network(), VanishingGradients({})) is None
    torch.manual_seed(1)
    deep = nn.Sequential(
        nn.Flatten(), nn.Linear(64, 16), *(part for _ in range(16) for part in (nn.Sigmoid(), nn.Linear(16, 16)))
    )
    finding = watch(deep, VanishingGradients({}))
    assert finding is not None
    assert finding.text.startswith("The weights of 1 get almost no gradient")


def test_it_looks_seldom() -> None:
    probe = Probe(every_steps=10, every_seconds=0)
    assert [step for step in range(1, 41) if probe.due] == [10, 20, 30, 40]
    patient = Probe(every_steps=1, every_seconds=1000)
    assert [step for step in range(1, 41) if patient.due] == [1]


def test_models_without_parameters_or_with_odd_ones_are_no_trouble() -> None:
    class Odd(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.words = nn.Embedding(5, 3, sparse=True)
            self.frozen = nn.Linear(3, 3).requires_grad_(requires_grad=False)
            self.scale = nn.Parameter(torch.ones(()))
            self.activation = nn.ReLU()

        def forward(self, tokens: torch.Tensor) -> torch.Tensor:
            self.activation(torch.zeros(0, 4))
            self.activation(self.scale)
            return self.activation(self.frozen(self.words(tokens)) * self.scale)

    model = Odd()
    _, seen = Probe().around(model, lambda: model(torch.tensor([1, 2])).sum().backward())
    assert set(seen) == {"gradient"}
    assert Probe().around(nn.Identity(), lambda: 5) == (5, {})


def test_layers_are_counted_and_recurrent_ones_not_judged() -> None:
    model = nn.ModuleDict({"lstm": nn.LSTM(4, 8), "head": nn.Linear(8, 2)})
    sizes, total = layer_sizes(model)
    assert sizes == {"head": 18}
    assert total == 18 + 4 * 8 * (4 + 8 + 2)


def test_a_real_training_is_watched_without_the_recipe_s_help(data_dir, tmp_path) -> None:
    """A window of 11 pixels makes one convolution hold nearly all of the model; nothing else is wrong with it."""
    encoder = [{"filters": 32, "kernel": 3, "stride": 2}, {"filters": 32, "kernel": 11, "stride": 1}]
    decoder = [{"filters": 8, "kernel": 3, "stride": 2}, {"filters": 1, "kernel": 3, "stride": 1}]
    values = {"encoder": encoder, "decoder": decoder, "dense": 0, "batch_size": 8, "device": "cpu"}
    with engine_in(data_dir) as engine:
        watcher = Watcher(engine)
        job = engine.start(engine.config("ae", data=str(small_pictures(tmp_path)), steps=120, **values))
        assert job.join(60)
        (warning,) = watcher.of(Warned)
    assert warning.kind == "bloated-layer"
    assert warning.text.startswith("The layer encoder.trunk.2 holds 123,936 of")
    assert read_warnings(job.run.folder / WARNINGS_FILE) == [warning]
