"""Acceptance rules: how a claimant answers an offer."""
