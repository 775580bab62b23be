"""A latent space: its codes, and the picture at a point."""
