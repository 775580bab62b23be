"""Words for the quiz in columns: where pictures lie, what they were, and who has chosen them."""

from PySide6.QtCore import QCoreApplication

from gendesk.studios.latent.quiz_game import Key


def place_words(key: Key, places: tuple[int, ...]) -> str:
    """Return in which row each of the places lies: "top, middle, bottom, top"."""
    translate = QCoreApplication.translate
    rows = (translate("Columns", "top"), translate("Columns", "middle"), translate("Columns", "bottom"))
    return ", ".join(rows[place // key.columns] for place in places)


def captions(key: Key) -> tuple[str, ...]:
    """Return what each picture was, and who has chosen it."""
    translate = QCoreApplication.translate
    real, generated = translate("Columns", "real"), translate("Columns", "generated")
    you, critic = translate("Columns", "you"), translate("Columns", "critic")
    texts = []
    for place in range(len(key.pictures)):
        who = [*([you] if place in key.chosen else []), *([critic] if place in key.favourites else [])]
        texts.append(" \N{MIDDLE DOT} ".join([real if place in key.real else generated, *who]))
    return tuple(texts)
