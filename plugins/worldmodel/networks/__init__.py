"""The three networks of a world model: what it sees with, what it remembers with, and what drives."""
