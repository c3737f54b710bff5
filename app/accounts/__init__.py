"""Staff of administrations and of the ministry: who they are, how they sign in, and what they may do."""
