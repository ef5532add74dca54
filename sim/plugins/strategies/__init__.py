"""Sender strategies: where a claimant's teams go.

A strategy fills in the places of its own teams, day by day: an audience, or -1 for home.
"""
