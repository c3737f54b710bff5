"""Words for initiatives and documents that the console and the public list share; it knows no staff."""
