"""Which seats: the best that are left, the nearest to those that were lost, and what to leave."""
