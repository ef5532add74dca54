#!/usr/bin/env bash
# NDlib 6.0.1: FJModel (Friedkin and Johnsen) takes a weighted graph and ignores its weights.
#
# Expected: the influence matrix W of the model is the graph's `weight`, or weighted graphs are refused.
# Seen: every neighbour counts the same. An edge u -> v of a directed graph means that v listens to u.
# Why it matters here: who listens to whom, and how much, is data of the model; this is the library one would compare
#   its opinion core with.
source "$(dirname "${BASH_SOURCE[0]}")/environment.bash"
new_environment 11 ndlib==6.0.1 numpy==2.3.5 networkx==3.6.1 six==1.17.0 scikit-learn==1.7.2
run_python <<'PYTHON'
import networkx
import numpy as np
import ndlib.models.ModelConfig as configuration
from ndlib.models.opinions import FJModel

listens = np.array([[0.0, 0.9, 0.1], [0.5, 0.0, 0.5], [1.0, 0.0, 0.0]])  # row: who listens
anchors, stubborn = np.array([0.4, 0.0, -0.2]), np.array([0.1, 0.05, 0.2])

graph = networkx.DiGraph()
for listener, speaker in zip(*listens.nonzero()):
    graph.add_edge(speaker, listener, weight=listens[listener, speaker])
model = FJModel(graph)
chosen = configuration.Configuration()
for agent in graph:
    chosen.add_node_configuration("stubbornness", agent, stubborn[agent])
model.set_initial_status(chosen)
model.status = dict(enumerate(anchors))
model.initial_status = dict(enumerate(anchors))
for _ in range(2000):
    model.iteration()
seen = np.array([model.status[agent] for agent in range(3)])

def rest(weights):
    pull = np.diag(1 - stubborn)
    return np.linalg.solve(np.eye(3) - pull @ weights, stubborn * anchors)

equal = (listens > 0) / (listens > 0).sum(1, keepdims=True)
print("FJModel:             ", seen.round(6))
print("with the weights:    ", rest(listens).round(6))
print("neighbours as equals:", rest(equal).round(6))
assert np.abs(seen - rest(equal)).max() < 1e-9
assert np.abs(seen - rest(listens)).max() > 0.02
PYTHON
