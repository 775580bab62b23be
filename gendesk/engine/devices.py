"""Which processor trains: auto, cpu, cuda:N or mps, with its name, its free memory and the reason in plain words."""

import platform
from dataclasses import dataclass
from pathlib import Path

import psutil
import torch

from gendesk.engine.threads import available_cores
from gendesk.errors import InputError


@dataclass(frozen=True)
class Device:
    """One processor that torch can use; memory in bytes, 0 where the system does not tell."""

    id: str
    name: str
    free_memory: int
    total_memory: int

    @property
    def torch(self) -> torch.device:
        return torch.device(self.id)


@dataclass(frozen=True)
class DeviceChoice:
    """A device and why it was taken, as a sentence for people."""

    device: Device
    reason: str


def devices() -> list[Device]:
    """Return every usable device, the CPU first."""
    return [_cpu(), *_cuda(), *_mps()]


def choose_device(wanted: str = "auto") -> DeviceChoice:
    """Return the device for `auto`, `cpu`, `cuda`, `cuda:N` or `mps`; raises InputError if it is not there."""
    found = devices()
    if wanted == "auto":
        return _automatic(found)
    name = "cuda:0" if wanted == "cuda" else wanted
    for device in found:
        if device.id == name:
            return DeviceChoice(device, f"{device.name}, as chosen.")
    known = ", ".join(device.id for device in found)
    raise InputError(f"There is no device {wanted} here; choose auto or one of: {known}.")


def _automatic(found: list[Device]) -> DeviceChoice:
    gpus = [device for device in found if device.id.startswith("cuda")]
    if gpus:
        best = max(gpus, key=lambda device: device.free_memory)
        return DeviceChoice(best, f"{best.name}, the NVIDIA or AMD GPU with the most free memory.")
    for device in found:
        if device.id == "mps":
            return DeviceChoice(device, "The GPU of this Mac.")
    cpu = found[0]
    return DeviceChoice(cpu, f"{cpu.name}: torch found no GPU here, so the {available_cores()} CPU cores train.")


def _cpu() -> Device:
    memory = psutil.virtual_memory()
    return Device("cpu", _cpu_name(), int(memory.available), int(memory.total))


def _cpu_name() -> str:
    if platform.system() == "Linux":
        try:
            with Path("/proc/cpuinfo").open(encoding="utf-8", errors="replace") as lines:
                for line in lines:
                    if line.startswith("model name"):
                        return line.partition(":")[2].strip()
        except OSError:
            pass
    return platform.processor() or platform.machine() or "CPU"


def _cuda() -> list[Device]:
    if not torch.cuda.is_available():
        return []
    found = []
    for index in range(torch.cuda.device_count()):
        try:
            free, total = torch.cuda.mem_get_info(index)
            found.append(Device(f"cuda:{index}", torch.cuda.get_device_name(index), free, total))
        except RuntimeError:  # listed by the driver, but too old or in exclusive use
            continue
    return found


def _mps() -> list[Device]:
    if not torch.backends.mps.is_available():
        return []
    memory = psutil.virtual_memory()  # shared with the CPU
    return [Device("mps", "Apple GPU", int(memory.available), int(memory.total))]
