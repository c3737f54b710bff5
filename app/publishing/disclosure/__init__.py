"""An attack on a publication before it is made: what an outsider could work out of small groups of people."""
