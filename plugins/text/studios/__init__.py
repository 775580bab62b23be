"""Studios of the text family."""
