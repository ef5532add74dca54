"""Scenarios: strict reading, overlaying, checking and writing of scenario files."""
