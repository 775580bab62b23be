"""What can be done in the latent space of any model that decodes: operations for studios, benchmarks and the CLI."""
