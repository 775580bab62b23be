"""Studios of the music family."""
