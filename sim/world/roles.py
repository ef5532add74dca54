"""Who mediates when: the role of mediator may pass from one audience to another.  (section 2.8)"""

from __future__ import annotations

from typing import NamedTuple

from sim.world.arrays import World


class Stage(NamedTuple):
    """The days of one role, and the world as it is under it.

    Attributes
    ----------
    first_day, end_day
        From the first to before the end.
    world
        Its fields of the mediator are those of this role; of the first role it is the world
        itself.
    """

    first_day: int
    end_day: int
    world: World


def stages(world: World) -> list[Stage]:
    """The roles of a world in their order, which together cover its days."""
    worlds = [(0, world)]
    for role in world.later_roles:
        changed = role._asdict()
        first_day: int = changed.pop("first_day")
        worlds.append((first_day, world._replace(**changed, later_roles=())))
    ends = (*(role.first_day for role in world.later_roles), world.steps)
    return [Stage(first, end, one) for (first, one), end in zip(worlds, ends, strict=True)]


def mediator_on(world: World, day: int) -> int:
    """The audience that mediates on a day."""
    roles = [role.mediator for role in world.later_roles if role.first_day <= day]
    return roles[-1] if roles else world.mediator


def mediators(world: World) -> list[int]:
    """The audiences that mediate, each once, in the order of their first roles."""
    return list(dict.fromkeys([world.mediator, *(role.mediator for role in world.later_roles)]))


def may_offer(world: World) -> bool:
    """Whether any role has a policy that may offer."""
    return any(
        policy != "none" for policy in (world.policy, *(r.policy for r in world.later_roles))
    )
