"""Data in the window: what is in a source before it is used, and the data sets that are on the disk."""
