"""Checks of the model: statements with known answers, patterns of 2025, the exam for plug-ins."""
