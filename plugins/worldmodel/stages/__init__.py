"""The stages of the pipeline, a recipe each, and the recipe that runs them one after the other."""
