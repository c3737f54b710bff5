"""You said – we did: what people wrote, what their city answered and promised, and whether they agree (decision 43).

The only part of the portal that is not drawn from a publication: it reads the desk, through app.feedback.board alone.
"""
