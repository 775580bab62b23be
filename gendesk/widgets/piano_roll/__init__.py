"""The piano roll: shows a score as bars of pitch over time, and edits it."""
