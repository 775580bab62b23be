"""Studios of the classifier family."""
