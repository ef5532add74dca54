#!/usr/bin/env bash
# Mesa 3.3.1 and 3.5.1: the same max_steps is another number of steps.
#
# Expected: batch_run(..., max_steps=4) makes four steps, in each version of Mesa 3.
# Seen: 3.3.1 makes five (it steps while model.steps <= max_steps), 3.5.1 makes four.
# Why it matters here: on Python 3.11 pip installs 3.3.x, from 3.12 on 3.5.x; so the same call on two machines of
#   a class ends on another day. A model with a horizon of its own should stop itself.
source "$(dirname "${BASH_SOURCE[0]}")/environment.bash"
cat > "$folder/count.py" <<'PYTHON'
import sys
import mesa

class Model(mesa.Model):
    made = 0
    def __init__(self, size=1, seed=None):
        super().__init__(seed=seed)
        self.datacollector = mesa.DataCollector(model_reporters={"made": "made"})
    def step(self):
        self.made += 1
        self.datacollector.collect(self)

rows = mesa.batch_run(Model, {"size": 1}, max_steps=4, number_processes=1, display_progress=False)
print(f"max_steps=4: {rows[-1]['made']} steps")
assert rows[-1]["made"] == int(sys.argv[1])
PYTHON
for expected in "3.3.1 5" "3.5.1 4"; do
    set -- $expected
    new_environment 12 "mesa==$1" numpy==2.3.5 pandas==2.3.3 networkx==3.6.1 tqdm==4.67.1
    "$environment/bin/python" -W ignore "$folder/count.py" "$2"
done
