"""Portraits pixel by pixel, as if no pixel knew of its neighbours: a failure on purpose."""
