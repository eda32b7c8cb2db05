"""What would have been mailed, to look at while developing. Nothing is there in production."""
