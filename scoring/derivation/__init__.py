"""Any published number taken back to counts and reported values."""
