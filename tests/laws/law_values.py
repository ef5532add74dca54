"""What the laws are tried on: hypothesis strategies in the model's units, and steady settings."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st

# the same examples on every machine and day
steady = settings(derandomize=True, deadline=None, max_examples=200)

shares = st.floats(0.0, 1.0, allow_subnormal=False)
amounts = st.floats(0.0, 100.0, allow_subnormal=False)
positive = st.floats(1e-3, 100.0, allow_subnormal=False)
sympathies = st.floats(-1.0, 1.0, allow_subnormal=False)
signed = st.floats(-100.0, 100.0, allow_subnormal=False)
ROUNDING = 1e-12  # a few roundings of numbers of order 100
