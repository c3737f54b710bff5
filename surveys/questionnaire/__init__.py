"""What is asked: the definition, the kinds of question, the route through it, and answers as bytes."""
