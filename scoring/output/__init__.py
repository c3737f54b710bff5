"""The tables of a rating, and what stands beside them."""
