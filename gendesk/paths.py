"""Where things live: files that ship with gendesk, and the folder that gendesk writes to."""

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def bundled(name: str) -> Path:
    """Return the folder `docs`, `resources` or `plugins`: inside the installed package, or beside it in a checkout."""
    installed = PACKAGE / name
    checkout = PACKAGE.parent / name
    # gendesk/plugins exists in a checkout too, but there it holds only the module that finds the real folder.
    if checkout.is_dir() and (PACKAGE.parent / "pyproject.toml").is_file():
        return checkout
    return installed


def resource(*parts: str) -> Path:
    """Return the path of a file in resources/."""
    return bundled("resources").joinpath(*parts)


def data_dir(override: str | Path | None = None) -> Path:
    """Return the folder that gendesk writes to: `override`, else GENDESK_DATA_DIR, else the platform's usual place."""
    chosen = override or os.environ.get("GENDESK_DATA_DIR")
    if chosen:
        return Path(chosen).expanduser().resolve()
    import platformdirs  # here, because it takes 25 ms and is not needed where a folder is given

    return Path(platformdirs.user_data_dir("gendesk", appauthor=False))
