"""What holds for every test in this room."""

from tests.support.threads import one_thread

__all__ = ["one_thread"]
