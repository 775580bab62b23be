"""Music among what runs show of themselves."""
