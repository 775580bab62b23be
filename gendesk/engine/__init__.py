"""The training engine, free of Qt: recipes, trainer, jobs, events, runs and checkpoints."""
