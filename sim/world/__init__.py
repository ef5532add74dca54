"""What one run needs, as arrays: numbers in place of names, and the random draws it is given.

``building`` makes the arrays of a scenario; what they mean is in ``arrays``. Nothing here moves:
the days are run by ``sim.engines``.
"""
