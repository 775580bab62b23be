"""Pictures that differ in two numbers, and an autoencoder that finds two numbers of its own for them."""
