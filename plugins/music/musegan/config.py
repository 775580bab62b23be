"""What can be set of MuseGAN. Defaults: Foster, Generative Deep Learning (1st edition), chapter 7, and its notebook."""

from typing import Literal

from gendesk.config import ConfigModel, setting

Weights = Literal["normal", "glorot", "held"]


class MuseganConfig(ConfigModel):
    """Excerpts, both networks, and the game that they play."""

    bars: int = setting(
        2,
        "Bars",
        "How many bars of sixteen steps are made at once. More bars take longer, and hang together less.",
        group="Music",
        unit="bars",
        ge=2,
        le=8,
    )
    excerpts: Literal["first", "everywhere"] = setting(
        "first",
        "Excerpts",
        "What is learnt from a piece. first: its first bars, as in the book. everywhere: as many bars from any bar on, "
        "which gives more to learn from, and more variety.",
        group="Music",
    )
    key: Literal["as written", "C"] = setting(
        "as written",
        "Key",
        "C moves every piece to C major or A minor before it is learnt, so that the network hears one scale and not "
        "twelve, and plays in tune much sooner.",
        group="Music",
    )
    latent_size: int = setting(
        32,
        "Latent size",
        "How many random numbers each of the ten vectors has: chords, style, and a melody and a groove for each voice.",
        group="Generator",
        ge=1,
        le=512,
    )
    temporal_filters: int = setting(
        1024,
        "Temporal filters",
        "Filters of the networks that stretch a vector of chords or of a melody over the bars.",
        group="Generator",
        ge=1,
        le=4096,
    )
    generator_filters: int = setting(
        512,
        "Generator filters",
        "Filters of the first layer that makes a bar; the others have half as many. Each voice has such a network.",
        group="Generator",
        ge=2,
        le=2048,
    )
    generator_pitches: Literal["by octaves", "at once"] = setting(
        "by octaves",
        "Generator's pitches",
        "How a step becomes pitches. by octaves: first seven octaves, then the twelve pitches of each with the same "
        "weights, as in the book. at once: all 84 with weights of their own, which leaves out the largest layer.",
        group="Generator",
        advanced=True,
    )
    output: Literal["tanh", "one pitch"] = setting(
        "tanh",
        "Output",
        "What the critic is shown of made music. tanh: a number for each pitch, as in the book, of which only the "
        "greatest is ever played. one pitch: what is played, 1 at one pitch of each voice and -1 at all others; "
        "gradients take it for a softmax.",
        group="Generator",
        advanced=True,
    )
    critic_filters: int = setting(
        128,
        "Critic filters",
        "Filters of the critic's first six layers; the last two have two and four times as many.",
        group="Critic",
        ge=1,
        le=512,
    )
    critic_order: Literal["bars first", "pitches first", "bars last"] = setting(
        "bars first",
        "Critic's order",
        "What the critic joins first. bars first: the bars at every pitch, as in the book. pitches first: the pitches "
        "of an octave, so that all further layers have 84 times fewer places to look at, and take a fraction of the "
        "time. bars last: all pitches at once, so that it hears whole chords; then steps, beats, half bars and bars.",
        group="Critic",
        advanced=True,
    )
    critic_steps: int = setting(
        5,
        "Critic steps",
        "Steps of the critic for each one of the generator. A Wasserstein critic should be ahead.",
        group="Game",
        ge=1,
        le=100,
    )
    penalty: float = setting(
        10.0,
        "Penalty weight",
        "Weight of the gradient penalty, which keeps the critic's score from changing faster than by 1 per unit.",
        group="Game",
        ge=0,
        le=10_000,
    )
    critic_learning_rate: float = setting(
        0.001, "Critic's learning rate", "Size of a step of the critic.", group="Training", ge=0.0000001, le=1
    )
    generator_learning_rate: float = setting(
        0.001, "Generator's learning rate", "Size of a step of the generator.", group="Training", ge=0.0000001, le=1
    )
    beta1: float = setting(
        0.5,
        "Momentum",
        "How much of earlier gradients Adam keeps (beta1).",
        group="Training",
        advanced=True,
        ge=0,
        le=0.999,
    )
    beta2: float = setting(
        0.9,
        "Memory of sizes",
        "How much of the earlier sizes of gradients Adam keeps (beta2).",
        group="Training",
        advanced=True,
        ge=0,
        le=0.9999,
    )
    batch_size: int = setting(
        64, "Batch size", "Real excerpts per step, and as many made ones.", group="Training", ge=2, le=4096
    )
    average: float = setting(
        0.0,
        "Average",
        "Music is made by a moving average of the generator that keeps this much at every step; 0 takes the generator "
        "as it is. Averages are calmer and mostly sound better.",
        group="Training",
        ge=0,
        le=0.99999,
    )
    weights: Weights = setting(
        "normal",
        "First weights",
        "normal: N(0, 0.02), as in the notebook. glorot: as wide as the numbers of inputs and outputs ask for, which "
        "narrow networks need. held: the same, but so that the generator begins with notes of half a bar, and has to "
        "learn when to move instead of when to stay.",
        group="Training",
        advanced=True,
    )
