"""What torch is like for every test: the same random numbers in any order of tests, and one thread of its own."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Start no second pool of threads: it would slow every training down to a fourth for as long as it lives.

    The window and the command line never start one either: what computes there are the engine's threads.
    """
    from gendesk.engine.threads import become_helper_thread

    become_helper_thread()


@pytest.fixture(autouse=True)
def same_weights(one_thread: None) -> None:
    """Begin every test with the same weights, whatever was trained before it in this process."""
    import torch

    torch.manual_seed(1)
