"""The examination of values by two assessors: the queue, one case, splits, who is asked, and how far people agree."""
