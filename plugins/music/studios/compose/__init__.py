"""The studio that composes behind a beginning, in a roll that can be edited."""
