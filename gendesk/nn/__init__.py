"""Torch layers and initialisers that more than one plugin uses."""
