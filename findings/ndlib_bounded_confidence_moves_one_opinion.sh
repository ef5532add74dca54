#!/usr/bin/env bash
# NDlib 6.0.1: an iteration of HKModel (Hegselmann and Krause) changes one opinion, not all.
#
# Expected: as in Hegselmann and Krause (2002), all agents move at once, each to the mean of the opinions within
#   epsilon, its own among them. On 100 opinions spread evenly over [0, 1] with epsilon 0.255 one cluster is left after
#   a dozen steps.
# Seen: an iteration picks 100 agents at random, works out a mean for each, and keeps the last one's alone; an agent's own
#   opinion is not in its mean, and a distance equal to epsilon does not count. After 200 iterations over 80 different
#   opinions are left. The first call changes nothing.
# Why it matters here: bounded confidence is one of the update rules, and this is the library one would check it with.
source "$(dirname "${BASH_SOURCE[0]}")/environment.bash"
new_environment 11 ndlib==6.0.1 numpy==2.3.5 networkx==3.6.1 six==1.17.0 scikit-learn==1.7.2
run_python <<'PYTHON'
import networkx
import numpy as np
import ndlib.models.ModelConfig as configuration
from ndlib.models.opinions import HKModel

np.random.seed(3)
epsilon, start = 0.255, {agent: (agent + 0.5) / 100 for agent in range(100)}
model = HKModel(networkx.complete_graph(100))
chosen = configuration.Configuration()
chosen.add_model_parameter("epsilon", epsilon)
model.set_initial_status(chosen)
model.status = dict(start)
moved = []
for _ in range(200):
    before = dict(model.status)
    model.iteration()
    moved.append(sum(before[agent] != opinion for agent, opinion in model.status.items()))
left = len({round(opinion, 6) for opinion in model.status.values()})

opinions = np.array(list(start.values()))
for step in range(50):
    near = np.abs(opinions[:, None] - opinions) <= epsilon
    opinions = near @ opinions / near.sum(1)
print(f"opinions moved by an iteration: at most {max(moved)}; left after 200 iterations: {left}")
print(f"all at once, after 50 steps: {len(set(opinions.round(6)))}")
assert moved[0] == 0 and max(moved) == 1
assert left > 80
assert len(set(opinions.round(6))) == 1
PYTHON
