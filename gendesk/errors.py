"""The errors that people read: one sentence that says what is wrong, with which file or value, and what to do."""


class GendeskError(Exception):
    """Base of all errors with a sentence for people; the command line prints it and exits with `exit_code`."""

    exit_code = 1


class InputError(GendeskError):
    """Something a person gave cannot be used: an option, a value, a file, a run id."""

    exit_code = 2


class RunError(GendeskError):
    """A run failed: diverged, ran out of memory or disk space, or its recipe raised an exception."""


class StoredDataError(GendeskError):
    """A file that gendesk wrote earlier (a run, a checkpoint, a cached data set) is missing, damaged or too new."""

    exit_code = 2


class PluginError(GendeskError):
    """A plugin cannot be loaded or breaks its contract."""


class NotReadyError(StoredDataError):
    """A run has no model yet, because it has only just begun or was stopped before its first saved state."""
