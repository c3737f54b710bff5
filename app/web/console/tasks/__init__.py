"""Work on many objects: how far it is, what came of it, and taking it back."""
