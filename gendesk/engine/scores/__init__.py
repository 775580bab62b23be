"""Scores of generated pictures: how far they are from real ones, and whether they are as varied and as sharp."""
