"""A map to look at and to work on: land, points, shading, a rectangle to drag, and marked samples."""
