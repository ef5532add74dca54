#!/usr/bin/env bash
# Mesa 3.3.1: a model that has had an agent is never freed.
#
# Expected: a model that nobody refers to is collected, with its agents.
# Seen: the class Agent keeps a table of the next number of an agent, with the model itself as the key; so each
#   model that made an agent stays for as long as the process. A model without agents is freed. In 3.5.1 the
#   table is gone, and so is the leak.
# Why it matters here: a notebook, a sweep or a server makes thousands of models in one process.
source "$(dirname "${BASH_SOURCE[0]}")/environment.bash"
cat > "$folder/alive.py" <<'PYTHON'
import gc
import sys
import weakref
import mesa

def count_living(agents):
    models = []
    for _ in range(20):
        model = mesa.Model()
        for _ in range(agents):
            mesa.Agent(model)
        models.append(weakref.ref(model))
    del model
    gc.collect()
    return sum(one() is not None for one in models)

without, with_agents = count_living(0), count_living(3)
print(f"of 20 dropped models live on: {without} without agents, {with_agents} with agents")
assert (without, with_agents) == (0, int(sys.argv[1]))
PYTHON
for expected in "3.3.1 20" "3.5.1 0"; do
    set -- $expected
    new_environment 12 "mesa==$1" numpy==2.3.5 pandas==2.3.3 networkx==3.6.1 tqdm==4.67.1
    "$environment/bin/python" -W ignore "$folder/alive.py" "$2"
done
