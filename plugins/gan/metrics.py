"""What the recipes of the family measure, and which of it means something in which game."""

from gendesk.engine.recipe import MetricSpec

from .config import GanConfig

LOSSES = "Losses"
D_REAL = MetricSpec(
    "d_real",
    "Critic, real",
    "The critic's loss on real pictures: small when it knows them as real. With cross-entropy, 0.69 (the logarithm of "
    "2) means that it cannot tell.",
    LOSSES,
    "none",
)
D_FAKE = MetricSpec(
    "d_fake",
    "Critic, generated",
    "The critic's loss on generated pictures: small when it sees through them. A steady level between the two "
    "networks is what training wants.",
    LOSSES,
    "none",
)
D_MEAN = MetricSpec(
    "d_mean",
    "Critic, mean",
    "The mean of the critic's two losses. Close to zero, the generator has lost and learns little; with a Wasserstein "
    "objective it is minus half of the distance.",
    LOSSES,
    "none",
)
G = MetricSpec(
    "g",
    "Generator",
    "The generator's loss, as the critic of the moment judges it. The critic gets better too, so the loss may rise "
    "while pictures improve; only a Wasserstein loss can be compared over time.",
    LOSSES,
    "none",
)
ACCURACY_REAL = MetricSpec(
    "accuracy_real",
    "Accuracy, real",
    "How many real pictures the critic calls real. One that is right nearly always leaves the generator nothing to "
    "learn from; one that guesses tells it nothing either.",
    "Accuracy",
    "none",
)
ACCURACY_FAKE = MetricSpec(
    "accuracy_fake",
    "Accuracy, generated",
    "How many generated pictures the critic calls generated.",
    "Accuracy",
    "none",
)
WASSERSTEIN = MetricSpec(
    "wasserstein",
    "Wasserstein estimate",
    "How much higher real pictures score than generated ones: an estimate of the distance between the two, in units of "
    "the critic. It should fall slowly; a rise in the first steps is the critic finding its feet.",
    "Wasserstein estimate",
    "none",
)
PENALTY = MetricSpec(
    "penalty",
    "Penalty",
    "What the gradient penalty, or R1, adds to the critic's loss, with its weight.",
    "Penalty",
    "none",
)
GRADIENT_NORM = MetricSpec(
    "gradient_norm",
    "Gradient norm",
    "How fast the critic's score changes with the picture, on average. The gradient penalty wants 1, R1 wants 0.",
    "Gradient norm",
    "none",
)
CLIPPED = MetricSpec(
    "clipped",
    "Clipped weights",
    "The share of the critic's weights that stand at the bound, in 0 to 1. When most do, the critic is too simple to "
    "tell much.",
    "Clipped weights",
    "none",
)
DISTANCE = MetricSpec(
    "distance",
    "Distance to held-out pictures",
    "How far samples are from pictures held out of the training, seen as clouds of pixels from many sides (the sliced "
    "Wasserstein distance, in grey levels of 255). It knows nothing of shapes, but falls while samples improve.",
    "Distance",
)
DIVERSITY = MetricSpec(
    "diversity",
    "Diversity",
    "How different samples are from each other, in shares of how different real pictures are. About 1 is right; below "
    "0.5 the generator repeats itself (mode collapse).",
    "Diversity",
    "none",
)
BATCH_DIVERSITY = MetricSpec(
    "batch_diversity",
    "Diversity of a batch",
    "The same for the pictures that the critic was just shown, from the generator as it plays and not its average; a "
    "batch is small, so single steps mean little.",
    "Diversity",
    "none",
)
MEMORISED = MetricSpec(
    "memorised",
    "Copies",
    "The share of samples, in 0 to 1, that are nearer to a training picture than 99 of 100 held-out pictures are. "
    "About 0.01 is what chance gives; far more means that training pictures come back.",
    "Copies",
    "none",
)
CHECKERBOARD = MetricSpec(
    "checkerboard",
    "Checkerboard",
    "How much of a pattern of every second pixel the samples show beyond real pictures, in % of their energy. "
    "Transposed convolutions leave it; repeating layers avoid it.",
    "Checkerboard",
)

ALL = (
    D_REAL,
    D_FAKE,
    D_MEAN,
    G,
    ACCURACY_REAL,
    ACCURACY_FAKE,
    WASSERSTEIN,
    PENALTY,
    GRADIENT_NORM,
    CLIPPED,
    DISTANCE,
    DIVERSITY,
    BATCH_DIVERSITY,
    MEMORISED,
    CHECKERBOARD,
)


CLASS_REAL = MetricSpec(
    "class_real",
    "Class loss, real",
    "How surely the critic tells the class of real pictures: the cross-entropy of its second head.",
    "Class losses",
)
CLASS_FAKE = MetricSpec(
    "class_fake",
    "Class loss, generated",
    "How surely the critic reads the class that the generator was asked for; both networks make it small.",
    "Class losses",
)
CLASS_ACCURACY = MetricSpec(
    "class_accuracy",
    "Classes told",
    "How many real pictures the critic puts into the right class.",
    "Classes",
    "max",
)
CLASS_HITS = MetricSpec(
    "class_hits",
    "Classes hit",
    "How many generated pictures the critic reads as the class that was asked for. It is the critic's own reading; "
    "another classifier may see other things.",
    "Classes",
    "max",
)
CLASSES = (CLASS_REAL, CLASS_FAKE, CLASS_ACCURACY, CLASS_HITS)


def meaningful(config: GanConfig) -> tuple[MetricSpec, ...]:
    """Return the metrics that a game with this config reports."""
    left_out = {ACCURACY_REAL, ACCURACY_FAKE} if config.objective == "wasserstein" else {WASSERSTEIN}
    if config.regulariser not in ("gradient-penalty", "r1"):
        left_out |= {PENALTY, GRADIENT_NORM}
    if config.regulariser != "clip":
        left_out |= {CLIPPED}
    return tuple(spec for spec in ALL if spec not in left_out)
