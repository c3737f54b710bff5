"""The survey side: what is asked, who may answer, what was said, and the integers folded from it."""
