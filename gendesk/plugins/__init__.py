"""Makes the folder plugins/ importable as gendesk.plugins.*, from a checkout as well as installed."""

from gendesk.paths import bundled

__path__ = [str(bundled("plugins")), *(folder for folder in __path__ if folder != str(bundled("plugins")))]
