"""Music that can be heard in the window: one transport for all of it, and a view of pieces that uses it."""

REMEMBERED = "music output"
"""The property of a window that holds the id of the chosen output, for whoever keeps it from session to session."""
