"""Batches show every picture once an epoch, in an order that follows from the seed and can be taken up anywhere."""

from pathlib import Path

import numpy as np
import psutil
import pytest
import torch

from gendesk.data.dataset import ImageSplit
from gendesk.engine.batches import ImageBatches, to_images, to_tensor

CPU = torch.device("cpu")


def numbered(count: int) -> ImageSplit:
    """Return pictures that are told apart by their only pixel, labelled by their number."""
    images = np.arange(count, dtype=np.uint8).reshape(count, 1, 1, 1)
    return ImageSplit(images, np.arange(count, dtype=np.int64))


def epoch(batches: ImageBatches) -> list[int]:
    return [int(label) for _ in range(batches.per_epoch) for label in batches.next()[1]]


def test_every_epoch_shows_each_picture_once_and_each_in_its_own_order() -> None:
    batches = ImageBatches(numbered(23), 5, seed=1, device=CPU)
    assert batches.per_epoch == 5
    first, second = epoch(batches), epoch(batches)
    assert sorted(first) == sorted(second) == list(range(23))
    assert first != second != sorted(second)


def test_pictures_come_with_their_own_labels_and_the_last_batch_is_smaller() -> None:
    batches = ImageBatches(numbered(23), 5, seed=1, device=CPU)
    sizes = []
    for _ in range(5):
        images, labels = batches.next()
        torch.testing.assert_close(images.flatten(), labels / 255)
        assert (images.dtype, labels.dtype) == (torch.float32, torch.int64)
        sizes.append(len(images))
    assert sizes == [5, 5, 5, 5, 3]


def test_a_batch_is_never_larger_than_the_data() -> None:
    batches = ImageBatches(numbered(3), 32, seed=1, device=CPU)
    assert (batches.batch_size, batches.per_epoch) == (3, 1)
    assert sorted(epoch(batches)) == [0, 1, 2]


def test_the_order_follows_from_the_seed() -> None:
    one, same, other = (ImageBatches(numbered(20), 6, seed=seed, device=CPU) for seed in (1, 1, 2))
    orders = [epoch(batches) + epoch(batches) for batches in (one, same, other)]
    assert orders[0] == orders[1] != orders[2]


@pytest.mark.parametrize("done", [0, 1, 3, 4, 5, 11])
def test_the_order_goes_on_from_a_saved_state(done: int) -> None:
    batches = ImageBatches(numbered(23), 6, seed=1, device=CPU)
    for _ in range(done):
        batches.next()
    fresh = ImageBatches(numbered(23), 6, seed=1, device=CPU)
    fresh.load_state(batches.state())
    assert [fresh.next()[1].tolist() for _ in range(9)] == [batches.next()[1].tolist() for _ in range(9)]


def test_pixels_survive_the_way_to_a_tensor_and_back() -> None:
    images = np.arange(256, dtype=np.uint8).repeat(3).reshape(4, 8, 8, 3)
    tensor = to_tensor(images)
    assert tensor.shape == (4, 3, 8, 8)
    assert tensor.is_contiguous(memory_format=torch.channels_last)
    assert (float(tensor.min()), float(tensor.max())) == (0.0, 1.0)
    np.testing.assert_array_equal(to_images(tensor), images)


def test_values_outside_the_range_are_clipped() -> None:
    assert to_images(torch.tensor([-0.5, 0.0, 0.5, 1.5]).reshape(1, 1, 2, 2)).flatten().tolist() == [0, 0, 128, 255]


def test_read_only_pictures_are_left_as_they_are() -> None:
    images = np.full((2, 2, 2, 1), 7, dtype=np.uint8)
    images.flags.writeable = False
    to_tensor(images).zero_()
    assert (images == 7).all()


def test_two_hundred_thousand_pictures_stay_on_the_disk(tmp_path: Path) -> None:
    shape = (200_000, 64, 64, 3)
    path = tmp_path / "images.npy"
    np.lib.format.open_memmap(path, mode="w+", dtype=np.uint8, shape=shape).flush()  # sparse: 2.5 GB on no disk space
    images = np.load(path, mmap_mode="r")
    before = psutil.Process().memory_info().rss
    batches = ImageBatches(ImageSplit(images, np.zeros(len(images), dtype=np.int64)), 32, seed=1, device=CPU)
    for _ in range(20):
        batches.next()
    assert batches.per_epoch == 6250
    assert psutil.Process().memory_info().rss - before < 100 << 20
