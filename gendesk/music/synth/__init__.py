"""The built-in synthesiser: instruments made of sines and noise, in numpy, for a machine that has no other sound."""
