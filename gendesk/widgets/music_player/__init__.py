"""The buttons below music that can be heard."""
