"""Inception for FID: the names, shapes and number of its weights, and what a picture goes through."""

import pytest
import torch

from gendesk.nn.inception import FEATURES, BasicConv2d, FidInception, InceptionA, InceptionE, resize

NAMES = """
Conv2d_1a_3x3 Conv2d_2a_3x3 Conv2d_2b_3x3 Conv2d_3b_1x1 Conv2d_4a_3x3
Mixed_5{b,c,d}.branch{1x1,5x5_1,5x5_2,3x3dbl_1,3x3dbl_2,3x3dbl_3,_pool}
Mixed_6a.branch{3x3,3x3dbl_1,3x3dbl_2,3x3dbl_3}
Mixed_6{b,c,d,e}.branch{1x1,7x7_1,7x7_2,7x7_3,7x7dbl_1,7x7dbl_2,7x7dbl_3,7x7dbl_4,7x7dbl_5,_pool}
Mixed_7a.branch{3x3_1,3x3_2,7x7x3_1,7x7x3_2,7x7x3_3,7x7x3_4}
Mixed_7{b,c}.branch{1x1,3x3_1,3x3_2a,3x3_2b,3x3dbl_1,3x3dbl_2,3x3dbl_3a,3x3dbl_3b,_pool}
"""
"""The convolutions of the published weights; braces stand for several names, as in a shell."""
SHAPES = {
    "Conv2d_1a_3x3.conv.weight": (32, 3, 3, 3),
    "Conv2d_4a_3x3.conv.weight": (192, 80, 3, 3),
    "Mixed_5b.branch5x5_2.conv.weight": (64, 48, 5, 5),
    "Mixed_5b.branch_pool.conv.weight": (32, 192, 1, 1),
    "Mixed_5d.branch_pool.conv.weight": (64, 288, 1, 1),
    "Mixed_6a.branch3x3.conv.weight": (384, 288, 3, 3),
    "Mixed_6b.branch7x7_2.conv.weight": (128, 128, 1, 7),
    "Mixed_6c.branch7x7dbl_2.conv.weight": (160, 160, 7, 1),
    "Mixed_6e.branch7x7dbl_5.conv.weight": (192, 192, 1, 7),
    "Mixed_7a.branch3x3_2.conv.weight": (320, 192, 3, 3),
    "Mixed_7a.branch7x7x3_3.conv.weight": (192, 192, 7, 1),
    "Mixed_7b.branch3x3dbl_1.conv.weight": (448, 1280, 1, 1),
    "Mixed_7c.branch3x3_2a.conv.weight": (384, 384, 1, 3),
    "Mixed_7c.branch_pool.bn.running_var": (192,),
    "fc.weight": (1008, 2048),
    "fc.bias": (1008,),
}


def spelt_out(pattern):
    head, brace, rest = pattern.partition("{")
    if not brace:
        return [pattern]
    choices, _, tail = rest.partition("}")
    return [name for choice in choices.split(",") for name in spelt_out(head + choice + tail)]


@pytest.fixture(scope="module")
def network():
    with torch.random.fork_rng():
        torch.manual_seed(1)
        return FidInception().eval()


def test_the_weights_are_those_of_the_published_file(network):
    weights = network.state_dict()
    convolutions = [name for pattern in NAMES.split() for name in spelt_out(pattern)]
    assert len(convolutions) == 94
    parts = ("conv.weight", "bn.weight", "bn.bias", "bn.running_mean", "bn.running_var", "bn.num_batches_tracked")
    assert set(weights) == {f"{name}.{part}" for name in convolutions for part in parts} | {"fc.weight", "fc.bias"}
    assert {name: tuple(weights[name].shape) for name in SHAPES} == SHAPES


def test_it_has_as_many_parameters_as_inception_v3(network):
    """Without the auxiliary head Inception v3 has 23,834,568 with 1000 classes; each further class has 2049."""
    assert sum(parameter.numel() for parameter in network.parameters()) == 23_834_568 + 8 * 2049
    norms = [module for module in network.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    assert {norm.eps for norm in norms} == {1e-3}


def test_pictures_of_any_size_become_features(network):
    shapes = {}
    hooks = [
        module.register_forward_hook(lambda _module, _in, out, name=name: shapes.update({name: tuple(out.shape[1:])}))
        for name, module in network.named_children()
    ]
    with torch.inference_mode():
        features = network(torch.rand(1, 3, 28, 40, generator=torch.Generator().manual_seed(1)) * 255)
    for hook in hooks:
        hook.remove()
    assert features.shape == (1, FEATURES)
    assert bool(features.isfinite().all())
    assert shapes["Conv2d_4a_3x3"] == (192, 71, 71)
    assert shapes["Mixed_5d"] == (288, 35, 35)
    assert shapes["Mixed_6e"] == (768, 17, 17)
    assert shapes["Mixed_7a"] == (1280, 8, 8)
    assert shapes["Mixed_7c"] == (2048, 8, 8)


def opened(block):
    """Let a block's pool branch through as it is: ones for its weights, identity for its batch normalisation."""
    conv = block.branch_pool
    assert isinstance(conv, BasicConv2d)
    torch.nn.init.constant_(conv.conv.weight, 1 / conv.conv.in_channels)
    return block.eval()


def test_average_pools_do_not_count_their_padding_and_the_last_pool_is_a_maximum():
    ramp = torch.arange(9.0).reshape(1, 1, 3, 3)
    with torch.inference_mode():
        average = opened(InceptionA(1, pool_channels=1))(ramp)[0, -1] * (1 + 1e-3) ** 0.5
        middle = opened(InceptionE(1, maximum=False))(ramp)[0, -1] * (1 + 1e-3) ** 0.5
        maximum = opened(InceptionE(1, maximum=True))(ramp)[0, -1] * (1 + 1e-3) ** 0.5
    assert average[0, 0] == pytest.approx((0 + 1 + 3 + 4) / 4)
    assert average[0, 1] == pytest.approx((0 + 1 + 2 + 3 + 4 + 5) / 6)
    assert torch.allclose(middle, average)
    assert maximum.tolist() == [pytest.approx(row) for row in ([4, 5, 5], [7, 8, 8], [7, 8, 8])]


def test_resizing_is_that_of_tensorflow_1():
    """Pixel i lies at i * old / new, so corners stay and the last pixels repeat."""
    picture = torch.tensor([[[[0.0, 10.0], [20.0, 30.0]]]])
    wanted = [[0, 5, 10, 10], [10, 15, 20, 20], [20, 25, 30, 30], [20, 25, 30, 30]]
    assert resize(picture, 4)[0, 0].tolist() == wanted
    halved = resize(torch.arange(16.0).reshape(1, 1, 4, 4), 2)
    assert halved[0, 0].tolist() == [[0, 2], [8, 10]]  # without any averaging
    same = torch.rand(2, 3, 9, 9, generator=torch.Generator().manual_seed(2))
    assert torch.equal(resize(same, 9), same)
