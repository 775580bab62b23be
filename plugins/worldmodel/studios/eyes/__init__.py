"""What V sees: frames and their reconstructions, what each number of the code does, and imagined tracks."""
