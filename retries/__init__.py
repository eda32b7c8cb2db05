"""What becomes of a request that is sent again."""
