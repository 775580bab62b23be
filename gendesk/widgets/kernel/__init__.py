"""Widgets to look at one convolution: a kernel to edit, maps of numbers, and the sum in one place."""
