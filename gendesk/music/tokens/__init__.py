"""Scores as numbers that models learn, and back: a row of chords, a grid of voices, or a row of events."""
