"""Pieces of music as a data set: composed here, read from files, and dealt to voices on a grid of steps."""
