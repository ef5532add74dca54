"""Where the stage draws each place: a schematic map, as of an underground, without borders.

A position is (x, y) in percent of the drawing, from the left and from the top. It says nothing but
roughly where on the globe a place lies; distances are those that leave room for names.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

Position = tuple[float, float]

KNOWN_PLACES: dict[str, Position] = {
    "Ottawa": (10, 6), "UN New York": (26, 28), "Washington": (7, 51), "Latin America": (20, 98),
    "London": (40, 4), "Berlin": (58, 0), "Other Europe": (78, 10), "Brussels": (51, 33),
    "Paris": (34, 58), "Africa": (46, 98), "Gulf and Middle East": (59, 68),
    "East and Southeast Asia": (94, 60), "Pakistan": (77, 42), "India": (79, 96),
    # capitals that stand in the place of the regions, nearer to one another
    "Rome": (35, 20), "Madrid": (16, 20), "The Hague": (27, 0), "Copenhagen": (54, 11),
    "Athens": (47, 22), "Ljubljana": (25, 12), "Riga": (48, 0), "Moscow": (74, 0),
    "Ankara": (66, 9), "Israel": (62, 21), "Riyadh": (51, 45), "Abu Dhabi": (71, 54),
    "Doha": (58, 56), "Kuwait City": (76, 30), "Manama": (63, 45), "Tehran": (75, 18),
    "Cairo": (39, 33), "Algiers": (29, 40), "Baku": (83, 8), "Beijing": (94, 11),
    "Tokyo": (100, 36), "Seoul": (98, 23), "Canberra": (100, 88), "Jakarta": (89, 74),
    "Kuala Lumpur": (93, 62), "Singapore": (80, 66), "Dhaka": (91, 45), "Colombo": (83, 54),
    "Kathmandu": (88, 33), "Brasilia": (23, 78), "Bogota": (12, 70), "Panama City": (17, 44),
    "Georgetown": (22, 56), "Mexico City": (1, 40), "Buenos Aires": (19, 97),
    "Pretoria": (54, 89), "Abuja": (46, 57), "Nairobi": (61, 76), "Addis Ababa": (53, 67),
    "Kinshasa": (48, 78), "Monrovia": (41, 68), "Freetown": (39, 47), "Amman": (64, 33),
    "Kabul": (87, 21), "Male": (68, 66), "Wellington": (100, 100),
    # the two sides and the capitals of 1982
    "Argentina": (18, 88), "United Kingdom": (26, 10), "Dublin": (36, 8), "Oslo": (44, 0),
    "Warsaw": (60, 0), "Bonn": (62, 20), "Brussels (Belgium)": (56, 60), "Luxembourg": (58, 48),
    "Holy See": (40, 30), "Tripoli": (48, 54), "Lome": (40, 76), "Kampala": (62, 76),
    "New Delhi": (84, 42), "Havana": (8, 22), "Port-au-Prince": (42, 42),
    "Santo Domingo": (30, 44), "Port of Spain": (30, 68), "Guatemala City": (0, 26),
    "Tegucigalpa": (10, 34), "San Salvador": (0, 12), "Managua": (4, 68), "San Jose": (2, 80),
    "Caracas": (42, 64), "Quito": (0, 92), "Lima": (16, 100), "La Paz": (10, 82),
    "Asuncion": (32, 82), "Santiago": (8, 94), "Montevideo": (30, 94),
}  # fmt: skip
MIDDLE: tuple[Position, Position] = ((33, 50), (67, 50))  # homes that are not known
RING = (46.0, 50.0)  # half axes of the ellipse for audiences that are not known
SPOTS = 24  # of the ring, if only some are not known


def positions(names: Sequence[str], homes: Sequence[str]) -> tuple[list[Position], list[Position]]:
    """Positions of the audiences and of both claimants' homes, in the order given.

    If no audience is known, all stand evenly on a ring; otherwise each unknown one takes the spot
    of the ring that is farthest from what is placed already.
    """
    if any(home not in KNOWN_PLACES for home in homes):
        ends = list(MIDDLE)  # both, so that neither home is drawn apart
    else:
        ends = [KNOWN_PLACES[home] for home in homes]
    unknown = [name for name in names if name not in KNOWN_PLACES]
    if len(unknown) == len(names):
        return _ring(len(names)), ends
    placed = {name: KNOWN_PLACES[name] for name in names if name in KNOWN_PLACES}
    spots = _ring(max(SPOTS, 2 * len(unknown)))
    for name in unknown:
        taken = [*placed.values(), *ends]
        placed[name] = max(spots, key=lambda spot: min(math.dist(spot, one) for one in taken))
    return [placed[name] for name in names], ends


def _ring(count: int) -> list[Position]:
    """So many positions evenly on the ring, from the top clockwise."""
    angles = [2 * math.pi * i / count for i in range(count)]
    return [
        (round(50 + RING[0] * math.sin(a), 2), round(50 - RING[1] * math.cos(a), 2))
        for a in angles
    ]
