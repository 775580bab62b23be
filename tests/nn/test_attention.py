"""Attention: what rotary positions and normed queries promise."""

import torch

from gendesk.nn.attention import CausalAttention, Looks, rotated


def test_turned_values_agree_by_their_distance_alone() -> None:
    torch.manual_seed(1)
    query, key = torch.randn(2, 1, 1, 1, 8)

    def agreement(at: int, back: int) -> float:
        return float((rotated(query, at) * rotated(key, at - back)).sum())

    near = [agreement(at, 3) for at in (3, 10, 50)]
    assert max(near) - min(near) < 1e-4
    assert abs(agreement(10, 3) - agreement(10, 7)) > 1e-3
    assert torch.allclose(rotated(query, 5).norm(), query.norm())
    assert torch.equal(rotated(query, 0), query)


def test_normed_queries_make_attention_deaf_to_how_loud_they_are() -> None:
    torch.manual_seed(1)
    values = torch.randn(6, 8)
    for normed, same in ((True, True), (False, False)):
        attention = CausalAttention(8, 2, looks=Looks(normed=normed), bias=False)
        before = attention.weights(values)
        with torch.no_grad():
            attention.projected.weight[:16] *= 3
        assert torch.allclose(attention.weights(values), before, atol=1e-5) == same
