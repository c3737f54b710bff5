"""Members of staff come and go: what that changes in several rooms at once, in one transaction."""
