"""`make bench`: what a request costs, as a ratio to a view that does nothing."""
