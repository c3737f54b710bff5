"""What people wrote, and what became of it: moderation, themes, replies, commitments."""
