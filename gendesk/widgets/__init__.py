"""Qt widgets that know numpy arrays and plain values only; each can be shown alone."""
