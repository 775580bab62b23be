"""Text as a data set: where it comes from, how it is cleaned, and what it is cut into."""
