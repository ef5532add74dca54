"""Lessons for a class: a question, a prediction, what the model shows, and how far that holds.

Each is a data file (``shipped/*.yaml``, docs/lessons.md); every number shown is computed.
"""
