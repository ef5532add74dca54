#!/usr/bin/env bash
# EMA workbench 2.5.3: PrimBox.resample reproduces a box without noise in 0 of 10 resamples, one with noise in 10.
#
# Expected: the clearer a pattern, the better it is found again in random halves of the data.
# Seen: of points with x > 0.7 of 1,000 and no noise the limit of x has "reproduce coverage" 0 and "reproduce density"
#   100; with 3 % of the points flipped it has 100 and 100. Without noise every box on the way holds all points of
#   interest; they tie in coverage, and the first of a tie, which restricts nothing, is taken for the nearest.
# Why it matters here: scenario discovery on a simulation without noise of its own is just that case, and the measure
#   (Bryant and Lempert 2010) is what one trusts a box by.
source "$(dirname "${BASH_SOURCE[0]}")/environment.bash"
new_environment 11 ema_workbench==2.5.3 numpy==2.3.5 pandas==2.3.3 scipy==1.16.3 scikit-learn==1.7.2
run_python <<'PYTHON'
import logging
import numpy as np
import pandas as pd
from ema_workbench.analysis import prim

logging.disable(logging.CRITICAL)
generator = np.random.default_rng(13)
points = pd.DataFrame(generator.random((1000, 3)), columns=["x", "y", "z"])
seen = {}
for noise in (0.0, 0.03):
    np.random.seed(1)
    interest = ((points.x > 0.7) ^ (generator.random(1000) < noise)).to_numpy()
    box = prim.Prim(points, interest, threshold=0.1).find_box()
    steps = box.peeling_trajectory
    chosen = int((steps.coverage - steps.mass)[steps.density > 0.8].idxmax())
    found = box.resample(i=chosen, iterations=10).loc["x"]
    seen[noise] = (round(found["reproduce coverage"]), round(found["reproduce density"]))
    print(f"noise {noise:.0%}: coverage {steps.coverage[chosen]:.2f}, density {steps.density[chosen]:.2f}, "
          f"x reproduced by coverage {seen[noise][0]:.0f} %, by density {seen[noise][1]:.0f} %")
assert seen[0.0] == (0, 100)
assert seen[0.03] == (100, 100)
PYTHON
