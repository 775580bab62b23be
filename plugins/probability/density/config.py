"""What can be set in the density map.

The book gives the rectangle and its four parameters (Foster, Generative Deep Learning, 1st edition, chapter 1) and
leaves everything else open: the number of points, how to fit, and every other density.
"""

from typing import Literal

from gendesk.config import ConfigModel, setting

Kind = Literal["rectangle", "rectangles", "gaussians", "kernel", "histogram"]


class DensityConfig(ConfigModel):
    density: Kind = setting(
        "rectangle",
        "Density",
        "rectangle: constant inside one rectangle. rectangles: a mixture of them. gaussians: a mixture of bell-shaped "
        "hills. kernel: a small hill on every point. histogram: a share of the points for every cell of a grid.",
        group="Model",
    )
    components: int = setting(
        8,
        "Components",
        "How many rectangles or Gaussians are mixed. More follow the points more closely, and fit held-out points "
        "worse when there are too many. Not used by the other densities.",
        group="Model",
        ge=1,
        le=100,
    )
    bandwidth: float = setting(
        8.0,
        "Bandwidth",
        "Standard deviation of the hill on every point of a kernel density. Small ones copy the points, large ones "
        "wash the map out. Only for kernel.",
        group="Model",
        unit="°",
        ge=0.1,
        le=180,
    )
    bins: int = setting(
        24,
        "Bins",
        "Cells of the histogram from west to east; those from south to north follow, so that cells are about square. "
        "Only for histogram.",
        group="Model",
        ge=1,
        le=180,
    )
    pseudo_count: float = setting(
        0.0,
        "Pseudo-count",
        "Points added to every cell of the histogram, so that no cell is thought impossible. Larger ones flatten the "
        "map. Only for histogram.",
        group="Model",
        ge=0,
        le=100,
    )
    smallest_width: float = setting(
        2.0,
        "Smallest width",
        "No side of a rectangle and no standard deviation of a Gaussian gets smaller than this. Without it, a "
        "component that shrinks onto one point would have an endless likelihood.",
        group="Model",
        unit="°",
        advanced=True,
        ge=0.01,
        le=90,
    )
    points: int = setting(
        100,
        "Points",
        "How many points of the data set are seen in training. More show the hidden rule more clearly.",
        group="Training",
        ge=2,
        le=5000,
    )
    method: Literal["hill climbing", "closed form"] = setting(
        "hill climbing",
        "Method",
        "How a rectangle is fitted. hill climbing: from a random start, random moves of an edge are kept when they "
        "help. closed form: the smallest rectangle around all points, which is the answer. Only for rectangle.",
        group="Training",
    )
    proposals: int = setting(
        10,
        "Proposals",
        "Random moves that are tried in a step of hill climbing. Only for rectangle.",
        group="Training",
        ge=1,
        le=1000,
    )
    step_size: float = setting(
        15.0,
        "Step size",
        "Standard deviation of the first moves of an edge; moves that help make it larger, others smaller. Only for "
        "rectangle.",
        group="Training",
        unit="°",
        ge=0.01,
        le=180,
    )
    copy_distance: float = setting(
        1.5,
        "Copy distance",
        "A sample that is closer than this to a training point counts as a copy of it. On this flat map a degree is "
        "the same everywhere.",
        group="Verdicts",
        unit="°",
        ge=0,
        le=90,
    )
    show_land: bool = setting(
        False,
        "Show the land",
        "Draw the land under the map of the previews. It gives the hidden rule away: try to guess it first.",
        group="Verdicts",
    )
