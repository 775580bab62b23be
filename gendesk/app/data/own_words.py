"""What the window calls a person's own data, by their kind."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication

from gendesk.data.dataset import DatasetKind


@dataclass(frozen=True)
class OwnWords:
    """The words of menus, dialogs and tool tips about own data; `found` is a sentence with the number of them."""

    tip: str
    folder: str
    file: str
    file_title: str
    filter: str
    other: str
    use: str
    found: str


def tr(text: str) -> str:
    return QCoreApplication.translate("OwnData", text)


def own_words(kind: DatasetKind) -> OwnWords:
    """Return the words for data of a kind, in the interface's language; those of pictures for any other."""
    if kind is DatasetKind.TEXT:
        return OwnWords(
            tip=tr("Train on your own texts: choose or paste them here, or drop them on the window"),
            folder=tr("Folder of Texts"),
            file=tr("File (TXT, MD, PY or any other)"),
            file_title=tr("File of Text"),
            filter=tr("Texts (*.txt *.md *.rst *.py *.csv *.html);;All files (*)"),
            other=tr("Choose another file or folder of texts"),
            use=tr("Train on this text, with these options"),
            found=tr("{0:,} tokens can be used{1}."),
        )
    if kind is DatasetKind.SCORES:
        return OwnWords(
            tip=tr("Train on your own music: choose it here, or drop it on the window"),
            folder=tr("Folder of Music"),
            file=tr("File (MIDI, JSON, NPZ)"),
            file_title=tr("File of Music"),
            filter=tr("Music (*.mid *.midi *.json *.npz);;All files (*)"),
            other=tr("Choose another file or folder of music"),
            use=tr("Train on these pieces, with these options"),
            found=tr("{0:,} pieces can be used{1}."),
        )
    words = _picture_words()
    if kind is DatasetKind.RACES:
        return replace(words, tip=tr("Races need no files: every seed gives a track"))
    return words


def _picture_words() -> OwnWords:
    return OwnWords(
        tip=tr("Train on your own pictures: choose them here, or drop them on the window"),
        folder=tr("Folder of Pictures"),
        file=tr("File (ZIP, NPY, NPZ, IDX)"),
        file_title=tr("File of Pictures"),
        filter=tr("Pictures in one file (*.zip *.npy *.npz *.gz *.bin *.ndjson *-ubyte);;All files (*)"),
        other=tr("Choose another folder of pictures"),
        use=tr("Train on these pictures, with these options"),
        found=tr("{0:,} pictures can be used{1}."),
    )
