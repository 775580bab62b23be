"""The studio that shows what a composing network expects, looks at and is surprised by."""
