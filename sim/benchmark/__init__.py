"""The same work in four programs, timed side by side: Mesa, NumPy, C and this engine.

``task`` says what the work is and what a program hands over; each ``*_program`` does it; ``study``
times them in processes of their own (``worker``) and compares their numbers; ``targets`` judges;
``report`` writes files. The day of the model itself is not here but in ``sim.engines``, of which
the NumPy and C programs are independent versions.
"""
