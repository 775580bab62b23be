"""Evolution strategies to watch on landscapes of two variables."""
