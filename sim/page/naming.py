"""How the page displays what a scenario spells: ``no_us_role`` as "No US role".

This is for readers only: asks, links, files and commands keep the word as it is spelled.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

import pandas as pd

from sim.scenario.scenario import Scenario

SECTIONS = ("claimants", "audiences", "delegations", "issues", "narratives", "claims", "events")
INITIALS = {"us": "US", "un": "UN", "eu": "EU", "uk": "UK"}  # which no text need write out


def display_names(scenario: Scenario) -> dict[str, str]:
    """How the scenario, each of its arms and each narrative is displayed, by its spelled word.

    An arm's own title is shown as it is. Any other displayed name begins with a capital; words
    that the scenario's own texts always write with one keep it (India, Washington). If two would
    read alike, both stay as they are spelled. A scenario without arms has the one arm "".
    """
    proper = proper_words(scenario)
    spelled = [scenario.name, *scenario.arms, *(one.name for one in scenario.narratives)]
    found = {"": "The scenario"} | {name: display_name(name, proper) for name in spelled}
    found |= {arm: title for arm in scenario.arms if (title := scenario.own_title(arm))}
    alike = Counter(found.values())
    return {name: text if alike[text] == 1 else name for name, text in found.items()}


def name_narratives(messages: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Messages with their narratives as they are displayed; a reply that has none keeps none."""
    spelled = messages["narrative"]
    return messages.assign(narrative=spelled.map(names).where(spelled != "", ""))


def display_name(name: str, proper: Mapping[str, str]) -> str:
    """One name in words; ``proper`` are the words with a capital of their own, by lower case.

    A name in which its author wrote a capital stays as it is.
    """
    if name != name.lower():
        return name
    words = [proper.get(word, word) for word in name.replace("_", " ").split()]
    text = " ".join(words) or name
    return text[:1].upper() + text[1:]


def proper_words(scenario: Scenario) -> dict[str, str]:
    """Words that the scenario writes with a capital within sentences and never without one."""
    capital, small = {}, set()
    texts = [scenario.title, scenario.description]
    texts += [one.description for section in SECTIONS for one in getattr(scenario, section)]
    for text in texts:
        for sentence in re.split(r"[.!?]\s+", text):
            for place, word in enumerate(re.findall(r"[^\W\d_]+", sentence)):
                if word.islower():
                    small.add(word)
                elif place:
                    capital[word.lower()] = word
    actors = [one.name for one in scenario.claimants] + [one.name for one in scenario.audiences]
    capital |= {name.lower(): name for name in actors}
    return INITIALS | {low: word for low, word in capital.items() if low not in small}
