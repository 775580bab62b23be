"""The map: a rectangle to drag, densities to fit, sample and compare."""
