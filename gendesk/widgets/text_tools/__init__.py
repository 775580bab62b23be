"""Texts in pieces: tinted, picked, pointed at, and measured."""
