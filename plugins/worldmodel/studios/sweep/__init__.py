"""The temperature sweep: where the dream and the road part."""
