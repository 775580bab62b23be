"""What holds for every test in this room."""

from tests.support.torch_state import one_thread, same_weights

__all__ = ["one_thread", "same_weights"]
