"""How runs are made: engines called over many replicates, blocks of pairs, sweeps of points."""
