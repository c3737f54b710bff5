"""What a member of staff has open: frozen selections, views kept by a name, forms half typed, long work."""
