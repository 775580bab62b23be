"""Libraries that write to standard error what their callers should be told."""

import contextlib
import os
import sys
import threading
from collections.abc import Iterator

_lock = threading.Lock()


@contextlib.contextmanager
def quiet_standard_error() -> Iterator[None]:
    """Keep what C libraries say to themselves: JACK's and ALSA's write lines where no server or card is there.

    It holds for the whole process, so only for as long as it takes to ask them.
    """
    if not sys.platform.startswith("linux"):
        yield
        return
    with _lock:
        kept, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nothing, 2)
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            os.close(nothing)
