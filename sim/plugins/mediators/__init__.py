"""Mediator policies: when mediation is offered.

The engine asks the policy on every day on which mediation is not active. What is 1 is an offer;
what the claimants answer is not the policy's affair.
"""
