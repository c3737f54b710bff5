"""A second factor once more, before something grave."""
