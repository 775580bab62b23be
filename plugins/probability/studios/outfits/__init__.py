"""Portraits of outfits, and what the models think of them."""
