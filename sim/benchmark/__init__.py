"""The same work in four programs, timed side by side: Mesa, NumPy, C and this engine."""
