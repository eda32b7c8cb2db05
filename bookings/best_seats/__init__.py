"""The best seats that are left: found for a customer and, if they say so, held at once."""
