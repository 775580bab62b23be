"""Texts in the window: samples side by side and over the steps of a training, and tokens with their counts."""
