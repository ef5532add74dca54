"""Sender strategies: where a claimant's teams go."""
