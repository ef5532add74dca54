#!/usr/bin/env bash
# SALib 1.6.0: one missing output of 512 and every Sobol index is exactly 0, with intervals of width 0.
#
# Expected: an error, or indices that are NaN, since the variance of the outputs is not known.
# Seen: S1, ST and their confidence are 0.0 for every parameter, also for the one that makes the whole output.
#   The only sign is a warning that speaks of constant values, which there are not.
# Why it matters here: outcomes such as "days until both accept" do not exist in every run. "0, from 0 to 0"
#   then reads as the surest finding of the table: this parameter does not matter.
source "$(dirname "${BASH_SOURCE[0]}")/environment.bash"
new_environment 11 SALib==1.6.0 numpy==2.3.5 scipy==1.16.3 pandas==2.3.3
run_python <<'PYTHON'
import numpy as np
from SALib.analyze import sobol
from SALib.sample import sobol as sample

problem = {"num_vars": 2, "names": ["parity", "calming"], "bounds": [[0, 1], [0, 0.3]]}
points = sample.sample(problem, 128, calc_second_order=False, seed=1)
outputs = 2.0 * points[:, 0]
whole = sobol.analyze(problem, outputs, calc_second_order=False, seed=1)
outputs[5] = np.nan
missing = sobol.analyze(problem, outputs, calc_second_order=False, seed=1)
print(f"{len(outputs)} outputs, all there:  ST {whole['ST'].round(3)}")
print(f"one of them missing:     ST {missing['ST']}, confidence {missing['ST_conf']}")
assert whole["ST"][0] > 0.9
assert (missing["S1"] == 0).all() and (missing["ST"] == 0).all() and (missing["ST_conf"] == 0).all()
PYTHON
