"""Pictures: mosaics, grids to explore, and their history over training."""
