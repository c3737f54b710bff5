"""The right to answer once, and the receipt of an answer: signed texts, no database."""
