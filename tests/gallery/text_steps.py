"""The table of all steps of the samples of a text."""

from gendesk.widgets.text.history import TextHistory
from tests.gallery import text_samples


def build() -> TextHistory:
    history = text_samples.build()
    history.all_steps.setChecked(True)
    return history
