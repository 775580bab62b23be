"""The exam of a driver on held-out tracks."""
