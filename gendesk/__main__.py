"""The door: without a command the window opens, with one the command line answers."""

import gc
import sys

from gendesk.engine.threads import tune_allocator


def main() -> None:
    """Open the window or run a command; the slow parts of either are imported only where they are needed."""
    tune_allocator()
    from gendesk.arguments import window_arguments

    window = window_arguments(sys.argv[1:])
    if window is None:
        sys.exit(_command())
    # Nothing of what is imported now is garbage, and looking for it takes 40 ms; `open_window` turns it on again.
    gc.disable()
    from gendesk.app.start import open_window

    sys.exit(open_window(window))


def _command() -> int:
    from gendesk.logs import install_hooks

    install_hooks()
    try:
        from gendesk.cli import run

        return run()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    main()
