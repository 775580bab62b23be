"""The three playgrounds of the classifier family side by side, as wide as they ask to be."""

from gendesk.plugins.classifier.studios.activations import ActivationStudio
from gendesk.plugins.classifier.studios.calculator import CalculatorStudio
from gendesk.plugins.classifier.studios.convolution import ConvolutionStudio
from PySide6.QtWidgets import QHBoxLayout, QWidget


def build() -> QWidget:
    window = QWidget()
    window.resize(1560, 660)
    row = QHBoxLayout(window)
    for studio, width in ((ConvolutionStudio(), 560), (CalculatorStudio(), 520), (ActivationStudio(), 420)):
        studio.setFixedWidth(width)
        row.addWidget(studio)
    return window
