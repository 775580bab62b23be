"""What M foresees of recorded races, told the truth or running free."""
