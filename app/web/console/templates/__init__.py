"""Templates of replies: those of every city, and a city's own, which its lead keeps."""
