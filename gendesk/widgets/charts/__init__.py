"""Charts of numbers that change with the step of training: heat maps, bars and histograms, tables."""
