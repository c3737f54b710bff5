"""Who took part: kept apart from everything that was said."""
