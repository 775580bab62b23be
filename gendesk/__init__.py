"""Learn, train and play with generative models on your own desktop."""

__version__ = "0.1.0"
