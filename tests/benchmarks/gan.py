"""Seconds per iteration: the book's gan, wgan and wgan-gp as gendesk plays them, against a plain PyTorch script.

Three processes take turns for every recipe, an iteration at a time: the script that a good tutorial would write
(nn.Sequential, nn.Upsample before nn.Conv2d, ZeroPad2d, DataLoader, fakes that are detached, optimisers as they come),
and the recipe in `exact` and in `fast` precision, which takes bfloat16 where the machine is quicker in it. Ratios are
taken round by round, and their medians count. Then

- both sides begin with the same weights, and are given the same pictures and random numbers: their losses of the
  first iterations must be the same, but for the order in which sums are taken;
- every trick is switched off alone, in turns with the whole, to see what it gives.

    python tests/benchmarks/gan.py [--quick] [--recipe gan]

`--quick` takes one step of the critic an iteration, and neither tries `fast` precision nor switches tricks off.
The last line is JSON.
"""

import argparse
import contextlib
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.support.sides import seconds_of, start_side

SIDES = ("plain", "exact", "fast")
SHAPES = {"gan": (28, 28, 1), "wgan": (32, 32, 3), "wgan-gp": (64, 64, 3)}
"""Height, width and channels of the pictures that the book trains each of them on."""
PICTURES, SEED = 1280, 3
QUICK: dict[str, Any] = {"critic_steps": 1}
TOLERANCE = 0.02
"""How far losses of both sides may be apart, in shares of the largest: RMSprop's first steps are as long for a gradient
of rounding errors as for a large one, so the two drift apart (0.008 after ten iterations was seen)."""
Losses = dict[str, float]


def pictures_of(recipe: str) -> Any:
    """Return a data set of noise; speed does not depend on what pictures show."""
    from gendesk.data.dataset import ImageDataset, ImageInfo, ImageSplit

    height, width, channels = SHAPES[recipe]
    images = np.random.default_rng(SEED).integers(0, 256, (PICTURES + 20, height, width, channels), dtype=np.uint8)
    info = ImageInfo(
        name="noise",
        title="Noise",
        fingerprint="",
        train_count=PICTURES,
        test_count=20,
        height=height,
        width=width,
        channels=channels,
        classes=("noise",),
    )
    labels = np.zeros(len(images), np.int64)
    parts = slice(PICTURES), slice(PICTURES, None)
    train, held_out = (ImageSplit(images[part], labels[part]) for part in parts)
    return ImageDataset(info, train, held_out)


def our_game(recipe: str, **settings: Any) -> Any:
    """Make a recipe with the book's networks; `settings` change its config."""
    import torch

    from gendesk.engine.families import find_families
    from gendesk.engine.recipe import Context

    kind = find_families().recipe(recipe).load()
    return kind(kind.Config(**settings), pictures_of(recipe), Context(torch.device("cpu"), SEED))


# The plain script


def plain_generator(config: Any, shape: tuple[int, int, int]) -> Any:
    """The generator of a config the way the tutorials write it, (batch, channels, height, width) throughout."""
    from torch import nn

    channels = config.first_filters
    side = shape[0] // int(np.prod([layer.stride for layer in config.generator_layers]))
    momentum = 1 - config.norm_momentum

    def activation() -> nn.Module:
        return nn.LeakyReLU(config.generator_slope) if config.generator_slope else nn.ReLU()

    units = channels * side**2
    layers = [nn.Linear(config.latent_size, units), nn.BatchNorm1d(units, 1e-3, momentum), activation()]
    layers.append(nn.Unflatten(1, (channels, side, side)))
    for number, layer in enumerate(config.generator_layers, 1):
        last = number == len(config.generator_layers)
        filters = shape[2] if last else layer.filters
        if not layer.upsampling:
            layers.append(nn.ConvTranspose2d(channels, filters, 5, 2, padding=2, output_padding=1))
        else:
            layers += [nn.Upsample(scale_factor=2)] if layer.stride == 2 else []
            layers.append(nn.Conv2d(channels, filters, layer.kernel, padding=layer.kernel // 2))
        layers += [nn.Tanh()] if last else [nn.BatchNorm2d(filters, 1e-3, momentum), activation()]
        channels = filters
    return nn.Sequential(*layers)


def plain_critic(config: Any, shape: tuple[int, int, int]) -> Any:
    """The critic of a config the way the tutorials write it, with Keras' padding."""
    from torch import nn

    side, _, channels = shape
    layers: list[nn.Module] = []
    for layer in config.critic_layers:
        smaller = -(-side // layer.stride)
        missing = (smaller - 1) * layer.stride + layer.kernel - side
        before = missing // 2
        layers.append(nn.ZeroPad2d((before, missing - before, before, missing - before)))
        layers.append(nn.Conv2d(channels, layer.filters, layer.kernel, layer.stride))
        layers.append(nn.LeakyReLU(config.critic_slope) if config.critic_slope else nn.ReLU())
        layers += [nn.Dropout(config.critic_dropout)] if config.critic_dropout else []
        channels, side = layer.filters, smaller
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(channels * side**2, 1))


class PlainGame:
    """The script that a tutorial would write, with the weights and the settings of one of our games."""

    def __init__(self, recipe: str, ours: Any, batches: Iterator[Any]) -> None:
        import torch

        self.config = config = ours.config
        self.batches = batches
        shape = SHAPES[recipe]
        self.generator, self.critic = plain_generator(config, shape), plain_critic(config, shape)
        for network, source in ((self.generator, ours.model().generator), (self.critic, ours.model().critic)):
            for weight, value in zip(network.parameters(), source.parameters(), strict=True):
                weight.data = value.detach().clone(memory_format=torch.contiguous_format)
        self.random = torch.Generator().manual_seed(SEED)
        self.critic_optimizer = self._optimizer(self.critic, config.critic_learning_rate)
        self.generator_optimizer = self._optimizer(self.generator, config.generator_learning_rate)

    def _optimizer(self, network: Any, rate: float) -> Any:
        import torch

        if self.config.optimizer == "adam":
            return torch.optim.Adam(network.parameters(), lr=rate, betas=(self.config.beta1, 0.999), eps=1e-7)
        return torch.optim.RMSprop(network.parameters(), lr=rate, alpha=0.9, eps=1e-7)

    def codes(self, count: int) -> Any:
        import torch

        return torch.randn(count, self.config.latent_size, generator=self.random)

    def loss(self, scores: Any, wanted: float) -> Any:
        import torch
        from torch.nn import functional

        if self.config.objective == "wasserstein":
            return scores.mean() if wanted == 0 else -scores.mean()
        return functional.binary_cross_entropy_with_logits(scores, torch.full_like(scores, wanted))

    def step(self) -> Losses:
        """Play one iteration: the critic's steps, then the generator's."""
        found: Losses = {}
        for _ in range(self.config.critic_steps):
            real = next(self.batches)
            self.generator.eval()  # Keras' predict takes the running statistics
            fake = self.generator(self.codes(len(real))).detach()
            self.generator.train()
            play = self.penalised if self.config.regulariser == "gradient-penalty" else self.separate
            found = play(real, fake)
        scores = self.critic(self.generator(self.codes(self.config.batch_size)))
        loss = self.loss(scores, 1)
        self.generator_optimizer.zero_grad()
        loss.backward()
        self.generator_optimizer.step()
        return {**found, "g": loss.item()}

    def separate(self, real: Any, fake: Any) -> Losses:
        found = {}
        for name, pictures, wanted in (("d_real", real, 1), ("d_fake", fake, 0)):
            loss = self.loss(self.critic(pictures), wanted)
            self.critic_optimizer.zero_grad()
            loss.backward()
            self.critic_optimizer.step()
            if self.config.regulariser == "clip":
                for weight in self.critic.parameters():
                    weight.data.clamp_(-self.config.clip, self.config.clip)
            found[name] = loss.item()
        return found

    def penalised(self, real: Any, fake: Any) -> Losses:
        import torch

        share = torch.rand(len(real), 1, 1, 1, generator=self.random)
        mixed = (share * real + (1 - share) * fake).requires_grad_()
        scores = self.critic(mixed)
        (gradient,) = torch.autograd.grad(
            scores, mixed, grad_outputs=torch.ones_like(scores), create_graph=True, retain_graph=True
        )
        penalty = self.config.penalty * ((gradient.flatten(1).norm(2, dim=1) - 1) ** 2).mean()
        d_real, d_fake = self.loss(self.critic(real), 1), self.loss(self.critic(fake), 0)
        self.critic_optimizer.zero_grad()
        (d_real + d_fake + penalty).backward()
        self.critic_optimizer.step()
        return {"d_real": d_real.item(), "d_fake": d_fake.item(), "penalty": penalty.item()}


def loader_batches(pictures: Any, batch_size: int) -> Iterator[Any]:
    """Shuffled batches in -1..1 (batch, channels, height, width) without end."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    images = torch.from_numpy(np.array(pictures.train.images)).permute(0, 3, 1, 2).contiguous().float() / 127.5 - 1
    loader = DataLoader(TensorDataset(images), batch_size=batch_size, shuffle=True)
    while True:
        yield from (images for (images,) in loader)


# Who plays


def losses_of(game: Any) -> Losses:
    """Play one iteration of one of our games, and wait for its losses."""
    return {name: float(value) for name, value in game.step().items()}


def block_of(side: str, recipe: str, quick: bool) -> Callable[[int], float]:
    """Return a function that plays a number of iterations and tells the seconds."""
    from gendesk.engine.precision import choose_fast

    game = our_game(recipe, **(QUICK if quick else {}))
    play: Callable[[], Losses] = lambda: losses_of(game)  # noqa: E731 (one of two)
    if side == "fast":
        choice = choose_fast(our_game(recipe, **QUICK))
        game.context.dtype = choice.dtype
        print(choice.reason, file=sys.stderr, flush=True)
    elif side == "plain":
        play = PlainGame(recipe, game, loader_batches(game.data, game.config.batch_size)).step

    def block(iterations: int) -> float:
        start = time.perf_counter()
        for _ in range(iterations):
            play()
        return time.perf_counter() - start

    return block


def serve(side: str, recipe: str, quick: bool) -> None:
    """Play the blocks that the parent asks for, one number of iterations a line."""
    if side != "plain":
        from gendesk.engine.threads import tune_allocator

        tune_allocator()
    block = block_of(side, recipe, quick)
    print("ready", flush=True)
    for line in sys.stdin:
        print(block(int(line)), flush=True)


def measure(recipe: str, rounds: int, quick: bool) -> dict[str, float]:
    """Return the median seconds of an iteration of each side, and how many times faster than the script ours is.

    `quick` leaves `fast` precision out, because a machine that has no bfloat16 takes minutes to find out.
    """
    sides, short = (SIDES[:2], ["--quick"]) if quick else (SIDES, [])
    taken: dict[str, list[float]] = {side: [] for side in sides}
    workers = {side: start_side(__file__, side, "--recipe", recipe, *short) for side in sides}
    for number in range(-1, rounds):
        for side, worker in workers.items():
            seconds = seconds_of(worker, 1)
            if number >= 0:
                taken[side].append(seconds)
        if number >= 0:
            print(recipe, *(f" {side} {taken[side][-1]:.2f}" for side in sides), "s", flush=True)
    for worker in workers.values():
        worker.stdin.close()
        worker.wait(30)

    def faster(side: str) -> float:
        return statistics.median(a / b for a, b in zip(taken["plain"], taken[side], strict=True))

    found = {f"{side}_seconds": statistics.median(taken[side]) for side in sides}
    return {**{f"{side}_to_plain": faster(side) for side in sides[1:]}, **found}


# What is equal


def difference(recipe: str, iterations: int) -> float:
    """Return how far the losses of both sides are apart, in shares of the largest, with the book's networks.

    Small batches and few critic steps save time. Dropout is off: it draws its numbers in the order of the memory, and
    ours is channels-last.
    """
    few: dict[str, Any] = {"batch_size": 4, "critic_dropout": 0.0, "critic_steps": 1 if recipe == "gan" else 2}
    game = our_game(recipe, **few)
    model, batches = game.model(), our_game(recipe, **few)._batches
    plain = PlainGame(recipe, game, iter(lambda: model.from_world(batches.next()[0]).contiguous(), None))
    pairs = [(losses_of(game), plain.step()) for _ in range(iterations)]
    apart = []
    for name in pairs[0][1]:
        ours, theirs = np.array([[losses[name] for losses in pair] for pair in pairs]).T
        apart.append(np.abs(ours - theirs).max() / np.abs(theirs).max())
    return float(max(apart))


# What each trick gives


def critic_not_frozen(game: Any) -> None:
    critic = game.model().critic
    critic.requires_grad_ = lambda requires_grad: critic


def fakes_with_gradients(game: Any) -> None:
    unwrapped = type(game).fakes.__wrapped__
    game.fakes = lambda count: tuple(part.detach() for part in unwrapped(game, count))


def channels_first(game: Any) -> None:
    import torch

    model = game.model().to(memory_format=torch.contiguous_format)
    convert = model.from_world
    model.from_world = lambda images: convert(images).contiguous()


def pixels_repeated(game: Any) -> None:
    for layer in game.model().modules():
        if hasattr(layer, "_summed"):
            layer._summed = False


def optimizers_unfused(game: Any) -> None:
    for optimizer in (game._critic_optimizer, game._generator_optimizer):
        for group in optimizer.param_groups:
            group["fused"] = None


def two_forwards(game: Any) -> None:
    """Judge real and generated pictures one after the other."""
    import torch

    whole = game.model().critic.forward

    def halves(pictures: Any) -> Any:
        if len(pictures) != 2 * game.config.batch_size:
            return whole(pictures)
        return torch.cat([whole(half) for half in pictures.chunk(2)])

    game.model().critic.forward = halves


def zeros_sent_back(game: Any) -> None:
    """Send the second derivatives of the activations, which are zero, back through the critic."""
    regularisers = sys.modules[type(game)._penalty.__module__].regularisers
    straight, penalty = regularisers._StraightPieces, game._penalty

    def with_zeros(given: Any) -> Any:
        regularisers._StraightPieces = contextlib.nullcontext
        try:
            return penalty(given)
        finally:
            regularisers._StraightPieces = straight

    game._penalty = with_zeros


def kernels_everywhere(game: Any) -> None:
    """Leave every convolution to PyTorch's own kernels."""
    from gendesk.nn import windows

    pays, step = windows.pays, game.step

    def stepped() -> Any:
        windows.pays = lambda *_: False
        try:
            return step()
        finally:
            windows.pays = pays

    game.step = stepped


TRICKS: dict[str, dict[str, Callable[[Any], None]]] = {
    "gan": {
        "critic frozen while the generator learns": critic_not_frozen,
        "no gradients of the fakes": fakes_with_gradients,
        "channels last": channels_first,
        "weights summed in place of repeated pixels": pixels_repeated,
    },
    "wgan-gp": {
        "critic frozen while the generator learns": critic_not_frozen,
        "no gradients of the fakes": fakes_with_gradients,
        "channels last": channels_first,
        "real and generated in one forward": two_forwards,
        "fused Adam": optimizers_unfused,
        "products in place of small maps' convolutions": kernels_everywhere,
        "no zeros through the penalty's second derivatives": zeros_sent_back,
    },
}
TRICKS["wgan"] = TRICKS["gan"]


def gains(recipe: str, rounds: int) -> dict[str, float]:
    """Return how many times longer an iteration takes without each trick."""
    games = {name: our_game(recipe) for name in ("all", *TRICKS[recipe])}
    for name, switch_off in TRICKS[recipe].items():
        switch_off(games[name])
    taken: dict[str, list[float]] = {name: [] for name in games}
    for _ in range(rounds + 1):
        for name, game in games.items():
            start = time.perf_counter()
            losses_of(game)
            taken[name].append(time.perf_counter() - start)
    found = {}
    for name in TRICKS[recipe]:
        found[name] = statistics.median(a / b for a, b in zip(taken[name][1:], taken["all"][1:], strict=True))
        print(f"{recipe}: {name}: {found[name]:.2f} times", flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--side", choices=SIDES)
    parser.add_argument("--recipe", choices=SHAPES)
    options = parser.parse_args()
    if options.side:
        serve(options.side, options.recipe, options.quick)
        return
    from gendesk.engine.threads import tune_allocator

    tune_allocator()
    result: dict[str, Any] = {}
    for recipe in [options.recipe] if options.recipe else SHAPES:
        apart = difference(recipe, 3 if options.quick else 10)
        result[recipe] = {"difference": apart, **measure(recipe, 3 if options.quick else 7, options.quick)}
        if not options.quick:
            result[recipe]["tricks"] = gains(recipe, rounds=5)
    print(json.dumps(result, default=float))
    if any(found["difference"] > TOLERANCE for found in result.values()):
        raise SystemExit("The losses of the recipe and of the script are not the same.")


if __name__ == "__main__":
    main()
