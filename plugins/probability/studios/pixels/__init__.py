"""Portraits and the counts of their pixels."""
