"""What a strategy is shown of the teams on one day. Where they go is the strategy's answer."""

from __future__ import annotations

import numpy as np

from sim.plugins.contracts import TeamView
from sim.world.arrays import World


def team_view(world: World, day: int, claimant: int) -> TeamView:
    """What is public of all teams on this day, as a claimant's strategy sees it."""
    return TeamView(
        day=day,
        me=claimant,
        audiences=len(world.names.audiences),
        owner=world.owner,
        stops=world.stops[day],
        in_field=world.field_days[day],
        field_since=np.argmax(world.field_days, axis=0).astype(np.int64),
        dwell=int(world.parameters.dwell),
    )
