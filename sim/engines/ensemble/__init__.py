"""The compiled engine: many runs side by side, the same laws as the agents.

Importing it points Numba's cache at this code's own folder, before any kernel is defined.
"""

from sim.compiling import use_cache_folder

use_cache_folder()
