"""What staff are told of: notices in the console, and mail with counts and links alone."""
