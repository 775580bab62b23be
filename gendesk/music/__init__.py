"""Scores and what sounds: MIDI files and ports, a player, and a synthesiser of our own. Nothing here imports Qt."""
