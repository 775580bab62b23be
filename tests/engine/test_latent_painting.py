"""Painting in latent space, on decoders small enough to know what must come out."""

import numpy as np
import pytest
import torch
from torch import Generator, Tensor

from gendesk.engine.latent.painting import (
    MOST_STEPS,
    Descent,
    Moved,
    Prior,
    Start,
    Wish,
    descend,
    find_code,
    find_prior,
)
from gendesk.engine.latent.painting_detail import change_mask, with_detail
from gendesk.engine.recipe import Model
from gendesk.errors import InputError

SIDE = 8
PLAIN = Prior(np.zeros(4, np.float32), np.ones(4, np.float32))


class Quarters(Model):
    """Four numbers, each the brightness of a quarter of the picture; decodes only."""

    latent_size = 4

    def decode(self, codes: Tensor) -> Tensor:
        small = torch.sigmoid(codes).reshape(-1, 1, 2, 2)
        return small.repeat_interleave(SIDE // 2, 2).repeat_interleave(SIDE // 2, 3)


class Encoding(Quarters):
    """Finds the numbers again, a little wrong."""

    def encode(self, images: Tensor) -> Tensor:
        quarters = torch.nn.functional.avg_pool2d(images, SIDE // 2).flatten(1).clamp(0.01, 0.99)
        return torch.logit(quarters) * 0.9


class Boxed(Quarters):
    """Its codes are no Gaussian."""

    def random_codes(self, count: int, generator: Generator) -> Tensor:
        return 5 + torch.rand(count, 4, generator=generator)


class Mixed(Quarters):
    """Class 1 is drawn in negative."""

    classes = ("plain", "negative")

    def decode_classes(self, codes: Tensor, shares: Tensor) -> Tensor:
        signs = shares[:, :1] - shares[:, 1:]
        return self.decode(codes * signs)


def wish(**changes: object) -> Wish:
    """White in the upper left quarter, grey as it was elsewhere."""
    mask = np.zeros((SIDE, SIDE), np.float32)
    mask[:4, :4] = 1
    values = {"target": np.ones((SIDE, SIDE, 1), np.float32), "kept": np.full((SIDE, SIDE, 1), 0.5, np.float32)}
    return Wish(**{"mask": mask, **values, **changes})


def settle(model: Model, descent: Descent) -> tuple[Moved, int]:
    """Go on until the descent has settled, as the studio's worker does; return also how many requests it took."""
    for count in range(1, 100):
        with torch.inference_mode():
            moved = descend(model, descent)
        if moved.settled:
            return moved, count
        descent = moved.descent
    raise AssertionError("It never settles.")


def test_the_stroke_is_met_and_the_rest_stays() -> None:
    moved, count = settle(Quarters(), Descent(np.zeros(4, np.float32), None, PLAIN, wish()))
    assert count <= MOST_STEPS // 4
    assert moved.picture.dtype == np.uint8 and moved.picture.shape == (SIDE, SIDE, 1)
    assert moved.picture[:4, :4].min() > 200
    assert np.abs(moved.picture[4:].astype(int) - 128).max() < 6
    assert moved.off_inside < 0.2 and moved.off_outside < 0.02
    again, _ = settle(Quarters(), Descent(np.zeros(4, np.float32), None, PLAIN, wish()))
    np.testing.assert_array_equal(again.descent.code, moved.descent.code)


def test_more_plausible_means_nearer_to_the_prior() -> None:
    start = np.zeros(4, np.float32)
    loose, _ = settle(Quarters(), Descent(start, None, PLAIN, wish(plausible=0.0)))
    strict, _ = settle(Quarters(), Descent(start, None, PLAIN, wish(plausible=1.0)))
    assert strict.log_density > loose.log_density
    assert strict.off_inside > loose.off_inside


def test_without_a_target_only_what_the_rest_does_not_need_gets_usual() -> None:
    start = np.full(4, 2.0, np.float32)
    kept = np.full((SIDE, SIDE, 1), float(torch.sigmoid(torch.tensor(2.0))), np.float32)
    moved, _ = settle(Quarters(), Descent(start, None, PLAIN, wish(kept=kept, inside=0.0, outside=20.0, plausible=0.3)))
    assert abs(moved.descent.code[0]) < 0.5
    assert moved.descent.code[1:].min() > 1.2


def test_a_mixture_of_classes_is_kept() -> None:
    negative = np.array([0, 1], np.float32)
    moved, _ = settle(Mixed(), Descent(np.zeros(4, np.float32), negative, PLAIN, wish()))
    assert moved.descent.code[0] < -1 and moved.picture[0, 0] > 200


def test_the_prior_is_the_models_own() -> None:
    surveyed = Prior(np.full(4, 5.5, np.float32), np.array([0.3, 0.3, 0.3, 0.0], np.float32))
    np.testing.assert_array_equal(find_prior(Quarters(), surveyed).deviation, 1)
    boxed = find_prior(Boxed(), surveyed)
    np.testing.assert_array_equal(boxed.mean, surveyed.mean)
    assert boxed.deviation.min() > 0
    assert np.isfinite(boxed.log_density(np.zeros((3, 4), np.float32))).all()
    draws = np.random.default_rng(1).standard_normal((4000, 4)).astype(np.float32)
    assert PLAIN.log_density(draws).mean() == pytest.approx(-1.419, abs=0.02)  # minus the entropy of N(0, 1)
    with pytest.raises(InputError):
        find_prior(Model(), surveyed)


@pytest.mark.parametrize("kind", [Quarters, Encoding])
def test_a_picture_is_found_with_and_without_an_encoder(kind: type[Quarters]) -> None:
    model = kind()
    picture = np.rint(model.decode(torch.tensor([[1.0, -1.0, 0.5, -2.0]]))[0].permute(1, 2, 0).numpy() * 255)
    picture = picture.astype(np.uint8)
    with torch.inference_mode():
        code = find_code(model, Start(picture))
    everywhere = np.ones((SIDE, SIDE), np.float32)
    target = picture.astype(np.float32) / 255
    moved, _ = settle(model, Descent(code, None, PLAIN, Wish(everywhere, target, target, outside=0.0, plausible=0.0)))
    assert moved.off_inside < 0.03
    with pytest.raises(InputError):
        find_code(Model(), Start(picture))


def test_detail_stays_where_nothing_has_changed() -> None:
    rng = np.random.default_rng(3)
    base = np.full((32, 32, 3), 120, np.uint8)
    original = (base + rng.integers(-20, 20, base.shape)).astype(np.uint8)
    nothing = np.zeros((32, 32), np.float32)
    np.testing.assert_array_equal(with_detail(base, base, original, nothing, 2.0), original)
    changed = base.copy()
    changed[8:20, 8:20] = (10, 200, 10)
    shown = with_detail(changed, base, original, nothing, 2.0)
    np.testing.assert_array_equal(shown[28:], original[28:])
    np.testing.assert_allclose(shown[10:18, 10:18], changed[10:18, 10:18], atol=4)
    mask = change_mask(changed, base, nothing, 2.0)
    assert mask.shape == (32, 32) and mask.min() == 0 and mask.max() == pytest.approx(1)
    assert change_mask(changed, base, nothing, 5.0).sum() > mask.sum()


def test_a_hue_that_drifts_is_seen_only_where_there_was_a_brush() -> None:
    base = np.full((32, 32, 3), 120, np.uint8)
    original = np.full((32, 32, 3), 130, np.uint8)
    drifted = base + np.array([10, 0, 0], np.uint8)
    painted = np.zeros((32, 32), np.float32)
    np.testing.assert_array_equal(with_detail(drifted, base, original, painted, 2.0), original)
    painted[4:12, 4:12] = 1
    shown = with_detail(drifted, base, original, painted, 2.0)
    np.testing.assert_array_equal(shown[6:10, 6:10], drifted[6:10, 6:10])
    np.testing.assert_array_equal(shown[20:], original[20:])


def test_a_pale_stroke_is_met_as_far_as_a_strong_one() -> None:
    left = []
    for aim in (0.62, 1.0):
        asked = wish(target=np.full((SIDE, SIDE, 1), aim, np.float32))
        moved, _ = settle(Quarters(), Descent(np.zeros(4, np.float32), None, PLAIN, asked))
        left.append(moved.off_inside / (aim - 0.5))
    assert max(left) < 0.35 and abs(left[0] - left[1]) < 0.2


def test_what_cannot_be_drawn_does_not_tear_a_code_out_of_the_prior() -> None:
    class Dull(Quarters):
        """Comes nearer to white, and never there, the further its numbers go."""

        def decode(self, codes: Tensor) -> Tensor:
            return super().decode(codes / 6)

    start = np.zeros(4, np.float32)
    moved, _ = settle(Dull(), Descent(start, None, PLAIN, wish()))
    unbound, _ = settle(Dull(), Descent(start, None, PLAIN, wish(plausible=0.0)))
    assert 2 < moved.descent.code[0] < 4 < unbound.descent.code[0] - 1


def test_a_code_that_was_far_out_already_is_not_hauled_in() -> None:
    far = np.array([0.0, 4.0, -4.0, 4.0], np.float32)
    kept = Quarters().decode(torch.tensor(far)[None])[0].permute(1, 2, 0).numpy()
    free, _ = settle(Quarters(), Descent(far, None, PLAIN, wish(kept=kept)))
    held, _ = settle(Quarters(), Descent(far, None, PLAIN, wish(kept=kept), shell=1.0))
    assert free.log_density < held.log_density - 0.5
    assert free.off_outside < held.off_outside
    assert free.descent.shell == 12  # so it may go on like this
