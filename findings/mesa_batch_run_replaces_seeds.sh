#!/usr/bin/env bash
# Mesa 3.5.1: batch_run ignores seeds that are given among the parameters.
#
# Expected: `parameters={"seed": [1, 2, 3]}` runs the model three times, with seeds 1, 2 and 3, as Mesa 3.3.1
#   did; a column `seed` says which.
# Seen: there are three runs, but the model is handed seed=None each time, `seed` is None in each row, and the
#   runs cannot be repeated. Seeds that count are given by batch_run's own `rng=[1, 2, 3]`; the model gets each
#   of them as its keyword `seed`.
# Why it matters here: a sweep over seeds is the first thing one does with a model like this one, and a model
#   that reads None as "my default" gives the same run three times over.
source "$(dirname "${BASH_SOURCE[0]}")/environment.bash"
new_environment 12 mesa==3.5.1 numpy==2.3.5 pandas==2.3.3 networkx==3.6.1
run_python <<'PYTHON'
import mesa

class Model(mesa.Model):
    def __init__(self, seed=None):
        super().__init__(seed=seed)
        self.datacollector = mesa.DataCollector(model_reporters={"handed over": lambda model: repr(seed)})
    def step(self):
        self.datacollector.collect(self)

def handed_over(**how):
    rows = mesa.batch_run(Model, max_steps=1, number_processes=1, display_progress=False, **how)
    return [(row["seed"], row["handed over"]) for row in rows]

among_parameters = handed_over(parameters={"seed": [1, 2, 3]})
as_rng = handed_over(parameters={}, rng=[1, 2, 3])
print("parameters={'seed': [1, 2, 3]}:", among_parameters)
print("rng=[1, 2, 3]:                 ", as_rng)
assert among_parameters == [(None, "None")] * 3
assert as_rng == [(1, "1"), (2, "2"), (3, "3")]
PYTHON
