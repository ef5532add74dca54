"""Sender strategies: where a claimant's teams go.

One kind fills in the places of its own teams, day by day: an audience, or -1 for home. The other
gives each audience a weight, from the state of the run; ``laws.visits`` sends teams by weights.
"""
