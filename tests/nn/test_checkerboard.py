"""The checkerboard meter: high for grids of every second pixel, next to nothing for all that pictures really have."""

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from gendesk.nn.checkerboard import checkerboard, grid_share
from gendesk.nn.keras import SameConv2d, SameConvTranspose2d, initialized


def smooth(count: int = 16, height: int = 28, width: int = 28, channels: int = 1) -> Tensor:
    """Blobs in 0..1 without any edge."""
    coarse = torch.rand(count, channels, 5, 5, generator=torch.Generator().manual_seed(3))
    return functional.interpolate(coarse, (height, width), mode="bicubic").clamp(0, 1)


def sharp() -> Tensor:
    """Bright rectangles at random places: nothing but edges."""
    generator = torch.Generator().manual_seed(4)
    pictures = torch.zeros(64, 1, 28, 28)
    for picture in pictures:
        top, left = torch.randint(0, 18, (2,), generator=generator).tolist()
        height, width = torch.randint(3, 10, (2,), generator=generator).tolist()
        picture[:, top : top + height, left : left + width] = 1
    return pictures


def grid(kind: str, height: int = 28, width: int = 28) -> Tensor:
    """Every second pixel: of each row and column in turn, of each row, or of every second row."""
    down, across = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    chosen = {"board": (down + across) % 2, "stripes": across % 2, "dots": (down % 2) * (across % 2)}
    return chosen[kind].float()


@pytest.mark.parametrize("kind", ["board", "stripes", "dots"])
def test_a_pure_grid_is_all_grid(kind: str) -> None:
    assert checkerboard(grid(kind).expand(3, 1, 28, 28), smooth()).item() == pytest.approx(100, abs=0.5)


@pytest.mark.parametrize("kind", ["board", "stripes", "dots"])
@pytest.mark.parametrize("size", [(28, 28), (33, 21), (64, 64)])
def test_a_faint_grid_over_pictures_is_found_and_grows_with_its_strength(kind: str, size: tuple[int, int]) -> None:
    pictures = smooth(16, *size)
    strengths = (0.0, 0.1, 0.2, 0.4)
    found = [checkerboard(pictures * (1 - share * grid(kind, *size)), pictures).item() for share in strengths]
    assert found == sorted(found)
    assert found[0] < 0.05
    assert found[1] > 10 * found[0] + 0.2


def test_pictures_with_and_without_edges_and_noise_have_next_to_none() -> None:
    for pictures in (smooth(), smooth(channels=3)):
        assert grid_share(pictures).abs().item() < 0.01
    for pictures in (sharp(), 1 - sharp()):
        assert grid_share(pictures).abs().item() < 0.5
    noise = torch.rand(400, 1, 28, 28, generator=torch.Generator().manual_seed(5))
    assert grid_share(noise).item() < 0.2  # of the 9 per cent that lie there


def test_what_real_pictures_have_is_no_fault() -> None:
    woven = smooth() * (1 - 0.2 * grid("stripes"))
    assert checkerboard(woven, woven).item() == 0
    assert checkerboard(smooth(), woven).item() == 0
    assert checkerboard(woven, smooth()).item() > 0.5


def test_blank_pictures_have_no_energy_to_speak_of() -> None:
    assert checkerboard(torch.full((2, 3, 16, 16), 0.3), smooth()).item() == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("side", [2, 3, 4, 6, 8])
def test_tiny_pictures_are_measured_too(side: int) -> None:
    assert 0 <= checkerboard(smooth(4, side, side), smooth(4, side, side)).item() <= 100


def test_an_untrained_transposed_convolution_shows_its_grid_and_an_upsampled_one_does_not() -> None:
    torch.manual_seed(6)
    maps = smooth(32, 16, 16, channels=4)
    transposed = initialized(SameConvTranspose2d(4, 1, 3, 2))
    convolution = initialized(SameConv2d(4, 1, 3))
    with torch.inference_mode():
        uneven = grid_share(transposed(maps)).item()
        even = grid_share(convolution(functional.interpolate(maps, scale_factor=2.0))).item()
    assert uneven > 5
    assert even < uneven / 10
