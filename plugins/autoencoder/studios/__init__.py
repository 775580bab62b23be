"""Studios of the autoencoder family."""
