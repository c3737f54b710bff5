"""Work that happens by itself: one scheduler process, each job at most once per due time."""
