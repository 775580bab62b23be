"""A model of an hourglass shape as a figure."""

from PySide6.QtWidgets import QWidget

from gendesk.widgets.diagram import Block, ModelDiagram

_LAYERS = (
    ("Picture", "", (1, 28, 28), "", ""),
    ("Convolution", "3x3", (32, 28, 28), "320", "Encoder"),
    ("Convolution", "3x3, stride 2", (64, 14, 14), "18,496", "Encoder"),
    ("Convolution", "3x3, stride 2", (64, 7, 7), "36,928", "Encoder"),
    ("2 x Dense", "", (2,), "12,548", "Encoder"),
    ("Dense", "", (3136,), "9,408", "Decoder"),
    ("Transposed convolution", "3x3, stride 2", (64, 14, 14), "36,928", "Decoder"),
    ("Transposed convolution", "3x3, stride 2", (32, 28, 28), "18,464", "Decoder"),
    ("Transposed convolution", "3x3", (1, 28, 28), "289", "Decoder"),
)


def build() -> QWidget:
    diagram = ModelDiagram()
    diagram.set_blocks(
        [
            Block(title, note, shape, "x".join(map(str, shape[::-1])), f"{count} parameters" if count else "", group)
            for title, note, shape, count, group in _LAYERS
        ]
    )
    diagram.choose(2)
    diagram.resize(560, diagram.sizeHint().height())
    return diagram
