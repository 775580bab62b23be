"""Devices: the CPU is always there, auto takes the best, and what is missing is one sentence."""

import re

import pytest
import torch

from gendesk.engine.devices import choose_device, devices
from gendesk.errors import InputError

HAS_GPU = torch.cuda.is_available() or torch.backends.mps.is_available()


def test_the_cpu_comes_first_with_its_name_and_memory() -> None:
    cpu = devices()[0]
    assert (cpu.id, cpu.torch) == ("cpu", torch.device("cpu"))
    assert cpu.name.strip()
    assert 0 < cpu.free_memory <= cpu.total_memory


def test_auto_says_why() -> None:
    choice = choose_device()
    assert (choice.device.id != "cpu") is HAS_GPU
    assert ("found no GPU" in choice.reason) is not HAS_GPU
    assert choice.reason.endswith(".")


@pytest.mark.parametrize("device", devices(), ids=lambda device: device.id)
def test_every_listed_device_can_be_chosen_and_computes(device) -> None:
    choice = choose_device(device.id)
    assert choice.device.id == device.id
    assert choice.reason == f"{device.name}, as chosen."
    assert float(torch.ones(2, device=choice.device.torch).sum()) == 2


@pytest.mark.parametrize("wanted", ["cuda:99", "tpu", "", "CPU", "cpu:7"])
def test_a_missing_device_is_one_sentence_with_those_that_are_there(wanted: str) -> None:
    known = ", ".join(device.id for device in devices())
    with pytest.raises(InputError, match=re.escape(f"no device {wanted} here; choose auto or one of: {known}.")):
        choose_device(wanted)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
def test_cuda_without_a_gpu_is_refused() -> None:
    with pytest.raises(InputError, match="no device cuda here"):
        choose_device("cuda")


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_cuda_alone_means_the_first_gpu() -> None:
    assert choose_device("cuda").device.id == "cuda:0"
