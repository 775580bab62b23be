"""Hatchling's build hook: puts the rooms beside the package (docs, plugins, resources) inside it in a built wheel.

An editable install gets nothing, because there `gendesk.paths.bundled` finds the folders of the checkout itself.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOMS = ("docs", "plugins", "resources")


class WheelRooms(BuildHookInterface[Any]):
    """Adds each room as gendesk/ROOM; hatchling leaves out `__pycache__` by itself."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """`version` is how the wheel will be used, `standard` or `editable`; a missing room fails the build."""
        if version == "standard":
            for room in ROOMS:
                build_data["force_include"][str(Path(self.root, room))] = f"gendesk/{room}"
