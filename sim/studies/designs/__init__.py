"""Which points a study runs: factors and their values; designs listed, drawn or read."""
