"""Acceptance rules: how a claimant answers an offer.

``gain`` is dU of equation (7), in utility; ``precision`` is beta_L, 1/utility, and may be
infinite.
"""
