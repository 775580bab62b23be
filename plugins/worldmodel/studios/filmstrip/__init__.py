"""The races that a world model learns from, to look through frame by frame."""
