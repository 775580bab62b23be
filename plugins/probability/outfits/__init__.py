"""Portraits as rows of a table: one probability for each outfit, or one for each value of each feature."""
