"""One value: what is asked, what was given before and elsewhere, the form, and what became of it."""
