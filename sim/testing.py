"""The exam that every plug-in sits, those of this package and yours.

In a test of your own: ``assert examine("mine.py:my_rule").passed``. The public names are these
two; how the exam is made is in :mod:`sim.verification`.
"""

from sim.verification.exam import Exam, examine

__all__ = ["Exam", "examine"]
