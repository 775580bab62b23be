"""What is done with a model that writes: sampling, picking, looking inside, and comparing with what it has read."""
