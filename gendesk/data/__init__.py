"""Data sets, free of Qt: catalogue, readers for files of people, procedural data, the cache on disk."""
