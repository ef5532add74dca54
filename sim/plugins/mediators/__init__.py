"""Mediator policies: when mediation is offered."""
