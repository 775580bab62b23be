"""Stage 2: V learns to see, from the frames of the rollouts."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor

from gendesk.config import ConfigModel
from gendesk.engine.batches import to_images, to_tensor
from gendesk.engine.preview import BarChart, BarsPreview, ImagePreview, Preview
from gendesk.engine.recipe import Context, Metrics, MetricSpec, State
from gendesk.nn import keras
from gendesk.nn.optimizers import load_optimizer

from ..config import VisionStageConfig
from ..frames import HELD_OUT, held_out
from ..models import SeeingModel, WorldModel
from ..networks.vision import drawn_codes, vision_losses
from ..rollouts import FOLDER, FramePool, Rollouts
from ..seeing import ACTIVE
from .stage import Stage, folder_before, taken_over

_POOL_BYTES = 2 << 30
_SHOWN, _SAMPLES, _GRID = 8, 16, 5
_VALIDATED = 256
_RECONSTRUCTIONS = (
    "Frames of held-out races and below them what V makes of them through its few numbers. The road has to be where it "
    "is; curbs and the digits of the score may blur."
)
_IMAGINED = (
    "Codes drawn from N(0, 1), decoded: pieces of tracks that nobody has driven. Good ones have one road with clean "
    "edges; two roads or none mean that the codes are not yet spread like N(0, 1)."
)
_PLANE = (
    "The two numbers of the code that are most in use, from -2 to 2, with the others at 0. One often moves the road to "
    "the side, another bends it."
)
_ACTIVE = (
    "How much each number of the code says of a frame: the mean of |log_var| over held-out frames, and how far its "
    "mean varies. Numbers at 0 are not in use; the book finds 12 of 32 that are."
)


class VisionRecipe(Stage[VisionStageConfig]):
    """A step is a batch of frames."""

    Config: ClassVar[type[ConfigModel]] = VisionStageConfig
    metrics: ClassVar[tuple[MetricSpec, ...]] = (
        MetricSpec("loss", "Loss of V", "What training makes small: reconstruction and KL together.", "Loss of V"),
        MetricSpec(
            "reconstruction",
            "Reconstruction",
            "The squared error of a frame, summed over its 12,288 numbers in 0..1.",
            "Loss of V",
        ),
        MetricSpec(
            "kl",
            "KL",
            "How far the codes of a frame are from N(0, 1), in nats, with what is free of it counted as the floor.",
            "Loss of V",
            "none",
        ),
    )
    best: ClassVar[str] = "loss"

    def __init__(self, config: VisionStageConfig, data: Any, context: Context) -> None:
        super().__init__(config, data, context)
        fresh = taken_over(self.build(config, data.info), self.model_before(WorldModel))
        self._model = fresh.to(context.device)
        self._model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing from torch's stubs
        self._optimizer = keras.adam(self._model.vision.parameters(), config.vision_rate)
        rollouts = Rollouts(folder_before(self.upstream(), FOLDER))
        learnt, test = held_out(rollouts)
        self._frames = FramePool(learnt, _POOL_BYTES)
        self._test = FramePool(test, _POOL_BYTES // HELD_OUT).spread(_VALIDATED)

    @classmethod
    def build(cls, config: VisionStageConfig, info: Any) -> SeeingModel:  # noqa: ARG003
        return SeeingModel(latent_size=config.latent_size)

    def model(self) -> SeeingModel:
        return self._model

    @property
    def steps_per_epoch(self) -> int:
        return max(1, -(-len(self._frames) // self.config.frames_per_batch))

    @property
    def samples_per_step(self) -> int:
        return self.config.frames_per_batch

    def step(self) -> Metrics:
        generator = np.random.default_rng(self._seed())
        frames = to_tensor(self._frames.batch(generator, self.config.frames_per_batch), self.context.device)
        self._model.train()
        self._optimizer.zero_grad(set_to_none=True)
        with self.context.autocast():
            losses = self._losses(frames, self.context.generator)
        torch.autograd.backward(losses["loss"])
        self._optimizer.step()
        return losses

    def _seed(self) -> int:
        """Return a number for this step that a run which is resumed draws as well."""
        return int(torch.randint(2**31, (1,), generator=self.context.generator, device=self.context.device))

    def _losses(self, frames: Tensor, generator: torch.Generator) -> dict[str, Tensor]:
        vision = self._model.vision
        mu, log_var = vision.encode(frames)
        seen = vision.decode(drawn_codes(mu, log_var, generator))
        reconstruction, kl = vision_losses(frames, seen, mu, log_var, self.config.free_nats)
        return {"loss": reconstruction + kl, "reconstruction": reconstruction, "kl": kl}

    @torch.inference_mode()
    def validate(self) -> Metrics:
        self._model.eval()
        frames = to_tensor(self._test, self.context.device)
        return self._losses(frames, self.context.fixed_generator(1))

    @torch.inference_mode()
    def previews(self) -> Iterator[Preview]:
        self._model.eval()
        places = np.linspace(0, len(self._test) - 1, _SHOWN).astype(int)
        originals = self._test[places]
        seen = to_images(self._model.decode(self._model.encode(to_tensor(originals, self.context.device))))
        rows = ("Frame", "As V sees it")
        pictures = np.concatenate([originals, seen])
        yield ImagePreview("reconstructions", "Reconstructions", pictures, _SHOWN, (), rows, _RECONSTRUCTIONS)
        imagined = to_images(self._model.sample(_SAMPLES, self.context.fixed_generator(2)))
        yield ImagePreview("imagined", "Imagined tracks", imagined, 8, description=_IMAGINED)
        use, spread = self._use()
        yield self._plane(use)
        labels = tuple(str(number) for number in range(len(use)))
        in_use = int((use > ACTIVE).sum())
        chart = BarChart(
            f"{in_use} of {len(use)} numbers in use",
            np.stack([use, spread]),
            labels,
            ("mean of |log_var|", "spread of mu"),
        )
        yield BarsPreview("active", "Active numbers", (chart,), _ACTIVE)

    def _use(self) -> tuple[np.ndarray[Any, np.dtype[np.float32]], np.ndarray[Any, np.dtype[np.float32]]]:
        """Return how much each number of the code says, and how far it varies, over held-out frames."""
        mu, log_var = self._model.vision.encode(to_tensor(self._test, self.context.device))
        return log_var.abs().mean(0).cpu().numpy(), mu.std(0, correction=0).cpu().numpy()

    def _plane(self, use: np.ndarray[Any, np.dtype[np.float32]]) -> ImagePreview:
        across, up = (int(place) for place in np.argsort(-use)[:2])
        values = torch.linspace(-2, 2, _GRID)
        codes = torch.zeros(_GRID, _GRID, len(use))
        codes[..., across], codes[..., up] = values[None], -values[:, None]
        pictures = to_images(self._model.decode(codes.flatten(0, 1).to(self.context.device)))
        captions = tuple(f"z{across} {x:+g}, z{up} {-y:+g}" for y in values.tolist() for x in values.tolist())
        return ImagePreview("plane", "Two numbers of the code", pictures, _GRID, captions, description=_PLANE)

    def state(self) -> State:
        return {"optimizer": self._optimizer.state_dict()}

    def load_state(self, state: Mapping[str, Any]) -> None:
        load_optimizer(self._optimizer, state["optimizer"])
