"""A picture as a canvas: brush strokes become soft masks, for whoever paints with a model instead of with colours."""
