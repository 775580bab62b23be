"""The studio in which cars drive: a controller, a person, or both in M's dream."""
