"""What MuseGAN measures."""

from gendesk.engine.recipe import MetricSpec

LOSSES, DISTANCE, HARMONY, RHYTHM = "Losses", "Nearest training excerpt", "Consonance", "Held steps"

CRITIC = MetricSpec(
    "critic",
    "Critic",
    "The critic's loss without the penalty: how much lower real excerpts score than made ones, so that it is far below "
    "zero while the critic tells them apart. It drifts, and is no measure of quality.",
    LOSSES,
    "none",
)
GENERATOR = MetricSpec(
    "generator",
    "Generator",
    "The generator's loss: minus the critic's score of what it makes. The critic's scores have no fixed zero, so only "
    "its drift against the critic's loss says something.",
    LOSSES,
    "none",
)
PENALTY = MetricSpec(
    "penalty",
    "Gradient penalty",
    "What the gradient penalty adds to the critic's loss, with its weight.",
    "Penalty",
    "none",
)
GRADIENT_NORM = MetricSpec(
    "gradient_norm",
    "Gradient norm",
    "How fast the critic's score changes between real and made excerpts, on average. The penalty wants 1.",
    "Gradient norm",
    "none",
)
DIFFERENCE = MetricSpec(
    "difference",
    "Difference from held-out music",
    "How differently often pitches, intervals between voices and melodic steps come in made and in held-out excerpts: "
    "the total variation distance of their histograms, 0 for the same and 1 for nothing in common.",
    "Difference",
)
IN_RANGE = MetricSpec(
    "in_range",
    "Voices in range",
    "The share of all steps, in 0 to 1, at which a voice sings what such a voice sings somewhere in the training "
    "excerpts.",
    "Voices in range",
    "max",
)
CONSONANCE = MetricSpec(
    "consonance",
    "Consonance, made",
    "The share, in 0 to 1, of intervals between two voices that are consonant: unisons, thirds, fifths, sixths, "
    "octaves, and fourths above another voice. Too few sound wrong, more than in real music sounds dull.",
    HARMONY,
    "none",
)
CONSONANCE_REAL = MetricSpec(
    "consonance_real",
    "Consonance, real",
    "The same of held-out excerpts: the level to aim at.",
    HARMONY,
    "none",
)
HELD = MetricSpec(
    "held",
    "Held, made",
    "The share of steps, in 0 to 1, of which a voice keeps its pitch in the next sixteenth. Few sound like a swarm.",
    RHYTHM,
    "none",
)
HELD_REAL = MetricSpec("held_real", "Held, real", "The same of held-out excerpts: the level to aim at.", RHYTHM, "none")
NEAREST = MetricSpec(
    "nearest",
    "Made",
    "How far made excerpts are from the nearest training excerpt, on average: the Euclidean distance of their tensors "
    "of -1 and 1. Two bars without a common note are 32 apart; near 0, training excerpts come back.",
    DISTANCE,
    "none",
)
NEAREST_REAL = MetricSpec(
    "nearest_real",
    "Held out",
    "The same for held-out excerpts: what is as far from the training excerpts is no copy.",
    DISTANCE,
    "none",
)
ALL = (
    CRITIC,
    GENERATOR,
    PENALTY,
    GRADIENT_NORM,
    DIFFERENCE,
    IN_RANGE,
    CONSONANCE,
    CONSONANCE_REAL,
    HELD,
    HELD_REAL,
    NEAREST,
    NEAREST_REAL,
)
