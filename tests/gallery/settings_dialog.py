"""The settings of the application."""

from PySide6.QtWidgets import QWidget

from gendesk.app.settings_dialog import SettingsDialog
from gendesk.preferences import Preferences


def build() -> QWidget:
    return SettingsDialog(Preferences(), ["cpu", "cuda:0"])
