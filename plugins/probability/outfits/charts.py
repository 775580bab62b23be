"""What the outfit recipes show in charts and tables: shares, comparisons of the models, and what features share."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gendesk.engine.preview import BarChart, BarsPreview, HeatMapPreview, TablePreview

from . import shares
from .models import OutfitTable, value_names

_RANKED = 60
_MARGINALS = (
    "How often each value of each feature occurs: counted in the table, and as the model draws it. Naive Bayes keeps "
    "the counted shares; a multinomial with a pseudo-count draws nearly all values equally often, because thousands of "
    "outfits that nobody wears weigh more than the few in the table."
)
_COMPARISON = (
    "Three models of the same table: one probability for each outfit, the same with a pseudo-count, and naive Bayes. "
    "A good one gives held-out outfits high probability and draws outfits that are new. A log-likelihood counts a "
    "probability of 0 as 1e-12."
)
_INFORMATION = (
    "Bits that one feature tells of another: above the diagonal as measured in the table, below it what the same "
    "columns give when each is shuffled by itself. A small table always seems to tell something; only what clearly "
    "exceeds its mirror image is a dependence that naive Bayes overlooks."
)
_RANKS = (
    "The likeliest outfits of each model, from the first to the sixtieth. Plain counting stops where the table stops; "
    "with a pseudo-count all the rest is one flat plain, each as likely as any other; naive Bayes falls off gently, "
    "because it knows which values are common."
)


def marginals_preview(model: OutfitTable) -> BarsPreview:
    """Show the shares of all values, counted and under the model."""
    counted = [shares.smoothed(column, 0.0) for column in shares.marginal_counts(model.counts, model.sizes)]
    modelled = shares.marginals(model.probabilities(model.pseudo_count), model.sizes)
    charts = tuple(
        BarChart(
            attribute.title,
            torch.stack([seen, drawn]).float().cpu().numpy(),
            attribute.values,
            ("Table", "Model"),
        )
        for attribute, seen, drawn in zip(model.attributes, counted, modelled, strict=True)
    )
    return BarsPreview("marginals", "Shares", charts, _MARGINALS)


def rivals(model: OutfitTable) -> dict[str, Tensor]:
    """Return the distributions of the three models on this table; the smoothed one adds 1 unless the run adds other."""
    added = model.pseudo_count or 1.0
    return {
        "Multinomial": shares.multinomial(model.counts, 0.0),
        f"Multinomial, +{added:g}": shares.multinomial(model.counts, added),
        "Naive Bayes": shares.naive_bayes(model.counts, model.sizes, 0.0),
    }


def comparison_preview(model: OutfitTable, chosen: Tensor, held_out: Tensor) -> TablePreview:
    """Compare the three models on chosen and held-out outfits, both as combinations, int64 (count,)."""
    models = rivals(model)
    unseen = model.counts == 0
    rows = [
        (", ".join(value_names(model.attributes, row)), *(f"{float(p[cell]):.6f}" for p in models.values()))
        for cell, row in zip(chosen.tolist(), model.rows_from(chosen), strict=True)
    ]
    if len(held_out):
        likely = (f"{float(shares.log_likelihood(p, held_out)):.2f} nats" for p in models.values())
        rows.append(("Log-likelihood of a held-out outfit", *likely))
    rows.append(("Share that is not in the table", *(f"{float(p[unseen].sum()):.1%}" for p in models.values())))
    rows.append(("Outfits that can be drawn", *(f"{int((p > 0).sum()):,}" for p in models.values())))
    values = sum(model.sizes) - len(model.sizes)
    rows.append(("Free parameters", *(f"{number:,}" for number in (*[len(unseen) - 1] * 2, values))))
    return TablePreview("comparison", "Comparison", ("", *models), tuple(rows), _COMPARISON)


def chosen_cells(model: OutfitTable) -> Tensor:
    """Return outfits worth comparing: the two most frequent, and the two likeliest that the table does not have."""
    bayes = shares.naive_bayes(model.counts, model.sizes, 0.0)
    seen = torch.where(model.counts > 0, model.counts + bayes, -1.0).argsort(descending=True, stable=True)
    new = torch.where(model.counts == 0, bayes, -1.0).argsort(descending=True, stable=True)
    return torch.cat([seen[:2], new[:2]])


def information_preview(model: OutfitTable, seed: int) -> HeatMapPreview:
    """Show the mutual information of all pairs of features, and under it what chance alone gives."""
    rows = model.rows_from(torch.repeat_interleave(model.counts))
    measured = shares.mutual_information(rows, model.sizes)
    chance = shares.shuffled_information(rows, model.sizes, seed)
    titles = tuple(attribute.title for attribute in model.attributes)
    values = (np.triu(measured) + np.tril(chance)).astype(np.float32)
    return HeatMapPreview("information", "Mutual information", values, titles, titles, description=_INFORMATION)


def ranks_preview(model: OutfitTable) -> BarsPreview:
    """Show how the probability falls from outfit to outfit under each model."""
    models = rivals(model)
    charts = tuple(BarChart(title, _falling(p), low=0.5, high=_RANKED + 0.5) for title, p in models.items())
    return BarsPreview("ranks", "Likeliest outfits", charts, _RANKS)


def _falling(probabilities: Tensor) -> NDArray[np.float32]:
    highest = probabilities.sort(descending=True).values[:_RANKED].float().cpu().numpy()
    return np.pad(highest, (0, _RANKED - len(highest)))[None]
