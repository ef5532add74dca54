"""The Mesa engine: agents that send, receive, log and answer messages. The reference."""

from sim.engines.agents.model import NarrativeModel

__all__ = ["NarrativeModel"]
