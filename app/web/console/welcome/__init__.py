"""What a link of an invitation opens: a password, a second factor, recovery codes."""
