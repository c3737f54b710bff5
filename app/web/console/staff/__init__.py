"""Members of staff: who they are, what they may do, and how they are let in and out."""
