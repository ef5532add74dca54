"""Narrative diplomacy: an agent-based model of two countries' competition for sympathy."""
