"""Densities on a map: a rectangle, mixtures, kernels and a histogram, fitted to points that somebody else has drawn."""
