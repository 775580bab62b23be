"""One torch thread for the tests' own thread, so that trainings beside it are as quick as in the window."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Start no second pool of threads: it would slow every training down to a fourth for as long as it lives.

    The window and the command line never start one either: what computes there are the engine's threads.
    """
    from gendesk.engine.threads import become_helper_thread

    become_helper_thread()
