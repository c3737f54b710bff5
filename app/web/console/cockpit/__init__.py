"""A city in the cockpit: what waits, what is reported and felt, what would move it, and beside whom it stands."""
