"""Studios of the games of two networks."""
