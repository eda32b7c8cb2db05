"""`manage.py prove_no_double_sale`: a crowd that fights for the same seats, and what it found."""
