"""Live charts of named curves over the step of training."""
