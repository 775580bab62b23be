"""What can be set in each stage of the pipeline; the recipe that runs all of them has all of it.

Defaults are those of the book's code (Foster, Generative Deep Learning, 1st edition, chapter 8) where it prints them.
"""

from typing import Literal

from gendesk.config import ConfigModel, setting

from .networks.controller import ControllerShape, Order, Pedals, Reads, Sees

TrainedIn = Literal["real", "dream", "alternating"]


class UpstreamConfig(ConfigModel):
    """What every stage but the first begins with."""

    upstream: str = setting(
        "",
        "Builds on",
        "The run of the stage before that this one takes up: its id, or a unique beginning of it. Empty is the latest "
        "that has come to its end.",
        group="Stage",
    )


class ProcessesConfig(ConfigModel):
    processes: int = setting(
        0,
        "Processes",
        "How many processes race side by side; 0 takes one for each core.",
        group="Run",
        advanced=True,
        ge=0,
        le=256,
    )


class RolloutsConfig(UpstreamConfig, ProcessesConfig):
    policy: Literal["structured", "uniform", "brownian", "controller"] = setting(
        "structured",
        "Policy",
        "Who drives. structured: a run-up, then one pedal or turn at a time by lots, which covers some road. uniform: "
        "any action, which hardly moves. brownian: actions that drift. controller: one that has been trained, so that "
        "the next world model learns what a better driver sees.",
        group="Races",
    )
    hold: int = setting(
        5,
        "Hold",
        "For how many decisions an action by chance is kept, so that the car does not only shake. Not used by a "
        "controller.",
        group="Races",
        unit="decisions",
        ge=1,
        le=100,
    )
    rollout_frames: int = setting(
        300,
        "Length",
        "Frames of 1/50 s after which a race is cut off.",
        group="Races",
        unit="frames",
        ge=4,
        le=3000,
    )
    action_repeat: int = setting(
        1,
        "Action repeat",
        "For how many frames an action holds before the next one is decided, in every later stage, too. Only the last "
        "of these frames is drawn: 4 is about three times as fast, and drives as well.",
        group="World",
        unit="frames",
        ge=1,
        le=16,
    )
    crop_indicators: bool = setting(
        False,
        "Crop the indicators",
        "Leaves out the black strip with speed and steering below the picture, and gives the road all 64 rows.",
        group="World",
    )
    skip_zoom: bool = setting(
        False,
        "Skip the zoom",
        "Begins with the camera where it comes to rest after the first second, so that no frames are spent on it.",
        group="World",
    )


class CodeConfig(ConfigModel):
    latent_size: int = setting(
        32,
        "Code",
        "How many numbers stand for a frame. Later stages take the same number.",
        group="Vision (V)",
        unit="numbers",
        ge=2,
        le=512,
    )


class VisionConfig(CodeConfig):
    vision_rate: float = setting(
        1e-4, "Learning rate of V", "How large Adam's steps are.", group="Vision (V)", ge=1e-7, le=1.0
    )
    frames_per_batch: int = setting(
        100, "Frames per batch", "How many frames a step learns from.", group="Vision (V)", unit="frames", ge=1, le=4096
    )
    free_nats: float = setting(
        0.5,
        "Free nats",
        "How far each number of the code may on average be from N(0, 1) before it costs anything: 0.5 for 32 numbers "
        "is the floor of 16 nats in the author's code. 0 has no floor.",
        group="Vision (V)",
        unit="nats",
        ge=0.0,
        le=10.0,
    )


class MemorySizesConfig(CodeConfig):
    units: int = setting(
        256, "Units", "Units of the LSTM. A controller takes the same number.", group="Memory (M)", ge=1, le=2048
    )
    mixtures: int = setting(
        5,
        "Mixtures",
        "Normal distributions that are mixed for each number of the code: 1 cannot say left or right, only both. A "
        "controller takes the same number.",
        group="Memory (M)",
        ge=1,
        le=50,
    )


class MemoryConfig(MemorySizesConfig):
    memory_rate: float = setting(
        1e-3, "Learning rate of M", "How large Adam's steps are.", group="Memory (M)", ge=1e-7, le=1.0
    )
    episodes_per_batch: int = setting(
        100, "Races per batch", "How many races a step learns from.", group="Memory (M)", unit="races", ge=1, le=2048
    )
    window: int = setting(
        299,
        "Window",
        "How many steps of a race M reads at a time, from its beginning or anywhere in it.",
        group="Memory (M)",
        unit="steps",
        ge=2,
        le=3000,
    )
    code_factor: float = setting(
        1.0, "Weight of codes", "What the loss of the codes is multiplied by.", group="Memory (M)", ge=0.0, le=1000.0
    )
    reward_factor: float = setting(
        1.0,
        "Weight of rewards",
        "What the loss of the rewards is multiplied by.",
        group="Memory (M)",
        ge=0.0,
        le=1000.0,
    )
    clip: float = setting(
        0.0,
        "Gradient clip",
        "Gradients longer than this are shortened to it; 0 leaves all as they are. The paper clips at 1.",
        group="Memory (M)",
        ge=0.0,
        le=1000.0,
        advanced=True,
    )


class ControllerConfig(MemorySizesConfig, ProcessesConfig):
    trained_in: TrainedIn = setting(
        "real",
        "Trained in",
        "real: races are driven. dream: M dreams them, which is many times as fast, and may be fooled. alternating: "
        "a while in the dream, then as long on real tracks, and so on.",
        group="Controller (C)",
    )
    reads: Reads = setting(
        "code and memory",
        "Reads",
        "What the controller knows: what V sees now (code), what M remembers (memory), or both.",
        group="Controller (C)",
    )
    hidden: int = setting(
        0,
        "Hidden units",
        "Units of a layer between; 0 has none. The paper tries 40 with the code alone.",
        group="Controller (C)",
        ge=0,
        le=256,
    )
    sees: Sees = setting(
        "drawn",
        "Sees",
        "What of V's distribution is the code of a frame on real tracks: one that is drawn, as in paper and book, or "
        "the mean. The mean spares C the noise of numbers that are not in use.",
        group="Controller (C)",
    )
    pedals: Pedals = setting(
        "half",
        "Brake",
        "half: like the gas, the brake is half down where the output is 0 (the book's code). clipped: outputs below 0 "
        "do not brake (the paper's code).",
        group="Controller (C)",
    )
    order: Order = setting(
        "paper",
        "Order of actions",
        "paper: C acts, then M reads that action, as M was trained. book: M reads the action before, then C acts; it "
        "is what the book's code does, and not what its M has learnt.",
        group="Controller (C)",
        advanced=True,
    )
    population: int = setting(
        32, "Population", "Candidates in a generation.", group="Evolution", unit="candidates", ge=4, le=1024
    )
    episodes: int = setting(
        4,
        "Races per candidate",
        "On how many tracks each candidate is tried; its score is the mean.",
        group="Evolution",
        unit="races",
        ge=1,
        le=256,
    )
    sigma: float = setting(
        0.5, "Sigma", "How far the first candidates differ from zero.", group="Evolution", ge=1e-4, le=10.0
    )
    race_frames: int = setting(
        1000,
        "Length of races",
        "Frames of 1/50 s after which a race is cut off; 1000 is what scores are compared by.",
        group="Evolution",
        unit="frames",
        ge=4,
        le=3000,
    )
    antithetic: bool = setting(
        True,
        "Same tracks for both halves",
        "Lets the second half of the population drive on the tracks of the first. Without it, every candidate drives "
        "on the same tracks, which compares them better and sees fewer.",
        group="Evolution",
        advanced=True,
    )
    patience: int = setting(
        0,
        "Patience",
        "Ends a race in which nothing has been gained for so long, with the score that standing still would give; 0 "
        "waits for ever. It saves much time in the first generations. Evaluations never end early.",
        group="Evolution",
        unit="frames",
        ge=0,
        le=3000,
    )
    temperature: float = setting(
        1.0,
        "Temperature of dreams",
        "How much chance there is in dreams: higher ones are harder to fool, and above all harder.",
        group="Dream",
        ge=0.0,
        le=10.0,
    )
    dream_episodes: int = setting(
        4, "Dreams per candidate", "How many dreams each candidate is tried in.", group="Dream", ge=1, le=256
    )
    turns: int = setting(
        10,
        "Generations in turn",
        "Where training alternates: how many generations dream before as many drive, and so on.",
        group="Dream",
        unit="generations",
        ge=1,
        le=10_000,
    )
    averaged: bool = setting(
        False,
        "Average the means",
        "Evaluates the average of the means of all generations, the later ones counting for more, and not the newest "
        "mean alone. Luck with the tracks moves the mean about the best place; the average stays near it.",
        group="Evolution",
    )
    evaluate_every: int = setting(
        25,
        "Evaluate every",
        "Generations between two evaluations of the mean, or the average, on real tracks, wherever it is trained. The "
        "best one by these is what drives in the end.",
        group="Evolution",
        unit="generations",
        ge=1,
        le=10_000,
    )
    evaluation_tracks: int = setting(
        16,
        "Evaluation tracks",
        "On how many tracks it is evaluated: always the same ones, which are neither for training nor for the exam.",
        group="Evolution",
        unit="tracks",
        ge=1,
        le=100,
    )

    @property
    def shape(self) -> ControllerShape:
        """What the controller is like."""
        return ControllerShape(
            self.reads, self.hidden, self.latent_size, self.units, self.pedals, self.sees, self.order
        )


class VisionStageConfig(VisionConfig, UpstreamConfig):
    pass


class EncodingStageConfig(CodeConfig, UpstreamConfig):
    pass


class MemoryStageConfig(MemoryConfig, UpstreamConfig):
    pass


class ControllerStageConfig(ControllerConfig, UpstreamConfig):
    pass


class WorldModelConfig(RolloutsConfig, VisionConfig, MemoryConfig, ControllerConfig):
    races: int = setting(
        1000,
        "Races",
        "How many races are driven, and then encoded: so many steps of the run, twice.",
        group="Races",
        unit="races",
        ge=1,
        le=100_000,
    )
    vision_steps: int = setting(
        9000,
        "Steps of V",
        "How many of the run's steps V learns.",
        group="Vision (V)",
        unit="steps",
        ge=1,
        le=10_000_000,
    )
    memory_steps: int = setting(
        4000,
        "Steps of M",
        "How many of the run's steps M learns. The rest of the run's steps are generations of C.",
        group="Memory (M)",
        unit="steps",
        ge=1,
        le=10_000_000,
    )
