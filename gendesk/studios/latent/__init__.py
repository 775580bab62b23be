"""The latent studio: walking, painting, directions, morphs and more, on any model that decodes."""
