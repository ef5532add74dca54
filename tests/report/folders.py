"""Real run folders, small ones, made from a few runs of the Mesa model.

They carry the files and columns of docs/design.md, so that the report can be tested without the
studies that normally write them.
"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from sim.engines.agents import NarrativeModel
from sim.scenario.scenario import Scenario
from sim.tables.metrics import METRICS, values
from sim.world.building import build, setting, uncertain_setting
from sim.world.draws import draws

ANSWERS = {(0, 0): "neither", (1, 0): "first", (0, 1): "second", (1, 1): "both"}
COMPARED = ("sympathy", "alignment", "lead", "regard", "salience", "attention", "tension",
            "incidents", "mediation", "accepted", "share_of_voice", "polarization")  # fmt: skip
CHANNELS = ("parity", "goodwill", "impartiality", "calming")
OFFER_DAYS = (2, 61)

SMALL_CASE: dict[str, Any] = {
    "schema_version": 1,
    "name": "small_case",
    "title": "A small case",
    "description": "Every number is judgement, made to exercise the report.",
    "seed": 7,
    "steps": 30,
    "start_date": "2025-04-12",
    "parameters": {"base_incident_rate": 0.05},
    "claimants": [
        {"name": "Aria", "effort": 1.0, "campaign_start": 4},
        {"name": "Boreas", "effort": 0.8, "campaign_start": 5},
    ],
    "delegations": [
        {"name": "A one", "claimant": "Aria",
         "itinerary": [{"day": 10, "at": "Port"}, {"day": 15, "at": "home"}]},
        {"name": "B one", "claimant": "Boreas",
         "itinerary": [{"day": 12, "at": "Broker"}, {"day": 18, "at": "home"}]},
    ],
    "audiences": [
        {"name": "Broker", "importance": 4, "western": True, "capitals": 1,
         "salience": {"background": 1.0, "raids": 0.1}, "trust": {"Aria": 0.6, "Boreas": 0.4},
         "judgements": {"background": {"Aria": 0.4, "Boreas": 0.0},
                        "raids": {"Aria": 0.5, "Boreas": -0.4}}},
        {"name": "Port", "importance": 2, "western": False, "capitals": 1,
         "salience": {"background": 1.0, "raids": 0.15}, "trust": {"Aria": 0.5, "Boreas": 0.5},
         "judgements": {"background": {"Aria": 0.1, "Boreas": 0.2},
                        "raids": {"Aria": 0.2, "Boreas": -0.1}}},
        {"name": "Hill", "importance": 3, "western": True, "capitals": 1,
         "salience": {"background": 1.0, "raids": 0.05}, "trust": {"Aria": 0.5, "Boreas": 0.45},
         "judgements": {"background": {"Aria": 0.3, "Boreas": 0.1},
                        "raids": {"Aria": 0.4, "Boreas": -0.3}}},
    ],
    "peers": {"Broker": {"Port": 2, "Hill": 1}, "Port": {"Broker": 3}, "Hill": {"Broker": 2}},
    "issues": [{"name": "background"}, {"name": "raids"}],
    "narratives": [
        {"name": "accuse", "sender": "Aria", "type": "ATTACK", "issue": "raids", "share": 1,
         "evidence": 0.6, "claim": "armed the raiders"},
        {"name": "one people", "sender": "Aria", "type": "PROMOTE", "issue": "raids", "share": 1,
         "evidence": 0.8},
        {"name": "victim", "sender": "Boreas", "type": "PROMOTE", "issue": "raids", "share": 2,
         "evidence": 0.8},
        {"name": "no part", "sender": "Boreas", "type": "DENY", "issue": "raids", "share": 1,
         "evidence": 0.5, "claim": "armed the raiders"},
    ],
    "claims": [
        {"name": "armed the raiders", "accused": "Boreas", "issue": "raids", "prior": 0.5},
        {"name": "on a par", "parity": True, "prior": 0.5},
    ],
    "events": [
        {"name": "raid", "day": 4, "tension": 1.0, "salience": {"raids": 1.5},
         "pro": {"Aria": 1.2}, "con": {"Boreas": 0.8}, "claim": "armed the raiders"},
        {"name": "clash", "day": 9, "tension": 1.2, "salience": {"raids": 0.8},
         "con": {"Aria": 0.6, "Boreas": 0.4}},
    ],
    "incidents": {"pro": 0.5, "con": 0.3, "salience": {"raids": 0.3}},
    "mediator": {"audience": "Broker", "policy": "none", "days": [14], "escalation": "raids"},
    "update_rule": "friedkin_johnsen",
    "baseline": "no_offer",
    "arms": {"no_offer": {}, "offer": {"mediator": {"policy": "scripted"}}},
}  # fmt: skip


def renamed(value: Any, names: dict[str, str]) -> Any:
    """The same document with names exchanged, as keys and as values."""
    if isinstance(value, dict):
        return {names.get(str(k), k): renamed(v, names) for k, v in value.items()}
    if isinstance(value, list):
        return [renamed(v, names) for v in value]
    return names.get(value, value) if isinstance(value, str) else value


def load(document: dict[str, Any], folder: Path) -> Scenario:
    """The scenario of a document, by way of a file."""
    path = folder / "scenario.yaml"
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return Scenario.from_yaml(str(path))


def compare_folder(
    scenario: Scenario, document: dict[str, Any], folder: Path, arm: str, baseline: str, pairs: int
) -> Path:
    """What `compare` writes."""
    folder.mkdir(parents=True, exist_ok=True)
    arms = (baseline, arm)
    worlds = {name: build(scenario.arm(name)) for name in arms}
    names = worlds[arm].names
    days = [scenario.start_date + timedelta(days=t) for t in range(scenario.steps + 1)]
    records: dict[tuple[str, str], list[Any]] = {}
    answers: dict[str, list[str]] = {}
    runs: list[dict[str, Any]] = []
    for uncertainty in ("chance", "parameters"):
        for name in arms:
            records[uncertainty, name] = []
        answers[uncertainty] = []
        for replicate in range(pairs):
            for name in arms:
                model = NarrativeModel(
                    scenario, name, scenario.seed, replicate, uncertain=uncertainty == "parameters"
                )
                record = model.run()
                records[uncertainty, name].append(record)
                said = record.diplomacy.accepted[record.diplomacy.offered]
                pair = tuple(int(x) for x in said[0]) if len(said) else (0, 0)
                if name == arm:
                    answers[uncertainty].append(ANSWERS[pair[0], pair[1]])
                runs.append(
                    {
                        "run_id": f"{name}-{uncertainty}-{replicate}", "scenario": scenario.name,
                        "arm": name, "uncertainty": uncertainty, "replicate": replicate,
                        "seed": scenario.seed,
                        "answers": ANSWERS[pair[0], pair[1]] if len(said) else "",
                        "offers": int(record.diplomacy.offered.sum()),
                        "incidents": float(record.incidents.sum()),
                        "peak_tension": float(record.tension.max()),
                        "first_divergence_step": 15,
                        "lead": float(values("lead", record, worlds[name])[-1, 0, 0]),
                    }
                )  # fmt: skip
    pd.DataFrame(runs).to_parquet(folder / "runs.parquet")
    offer = min(scenario.mediator.days, default=0)
    window = slice(offer + OFFER_DAYS[0], offer + OFFER_DAYS[1] + 1)

    summary: list[dict[str, Any]] = []
    comparison: list[dict[str, Any]] = []
    for metric in COMPARED:
        entry = METRICS[metric]
        actors, toward = entry.actors(names), entry.toward(names)
        for uncertainty in ("chance", "parameters"):
            stacks = {
                name: np.stack(
                    [values(metric, r, worlds[name]) for r in records[uncertainty, name]]
                )
                for name in arms
            }
            difference = stacks[arm] - stacks[baseline]
            groups = {"any": np.ones(pairs, dtype=bool)}
            for group in ANSWERS.values():
                chosen = np.array([given == group for given in answers[uncertainty]])
                if chosen.any():
                    groups[group] = chosen
            for a, actor in enumerate(actors):
                for k, other in enumerate(toward):
                    for step in [-1, *range(difference.shape[1])]:
                        at = window if step < 0 else slice(step, step + 1)
                        ids = {
                            "metric": metric, "actor": actor, "toward": other, "step": step,
                            "date": "" if step < 0 else str(days[step]),
                            "uncertainty": uncertainty,
                        }  # fmt: skip
                        sides = {n: stacks[n][:, at, a, k].mean(axis=1) for n in arms}
                        for name in arms:
                            summary.append(
                                {"scenario": scenario.name, "arm": name, **ids,
                                 **_spread(sides[name], "mean", "sd"),
                                 "se": sides[name].std() / pairs**0.5, "n": pairs}
                            )  # fmt: skip
                        for group, chosen in groups.items():
                            if step >= 0 and group != "any":
                                continue
                            gaps = sides[arm][chosen] - sides[baseline][chosen]
                            half = 1.96 * gaps.std() / len(gaps) ** 0.5
                            comparison.append(
                                {**ids, "answers": group, "baseline": baseline, "arm": arm,
                                 "mean_baseline": sides[baseline][chosen].mean(),
                                 "mean_arm": sides[arm][chosen].mean(),
                                 "n_pairs": len(gaps), **_spread(gaps, "mean_diff", "sd_diff"),
                                 "mc_low": gaps.mean() - half, "mc_high": gaps.mean() + half,
                                 "share_positive": (gaps > 0).mean(),
                                 "share_unchanged": (gaps == 0).mean(),
                                 "share_negative": (gaps < 0).mean(),
                                 "pair_correlation": 0.93, "variance_reduction": 0.93,
                                 "first_divergence_step": 15}
                            )  # fmt: skip
    pd.DataFrame(summary).to_csv(folder / "summary.csv", index=False)
    pd.DataFrame(comparison).to_csv(folder / "comparison.csv", index=False)
    _channels(scenario, worlds, arm, baseline, folder, min(pairs, 10), window, records)
    _told(scenario, worlds, arms, folder, days)
    _shared(scenario, document, folder, "compare", pairs, arms, baseline)
    return folder


def _spread(x: np.ndarray[Any, Any], mean: str, sd: str) -> dict[str, float]:
    quantiles = np.quantile(x, [0.05, 0.25, 0.5, 0.75, 0.95])
    named = zip(("q05", "q25", "median", "q75", "q95"), quantiles, strict=True)
    return {mean: float(x.mean()), sd: float(x.std()), **{n: float(q) for n, q in named}}


def _channels(
    scenario: Scenario, worlds: Any, arm: str, baseline: str, folder: Path, pairs: int,
    window: slice, records: Any,
) -> None:  # fmt: skip
    rows = []
    world = worlds[arm]
    for uncertainty in ("chance", "parameters"):
        for channel in CHANNELS:
            lost: dict[tuple[str, str, str, int], list[float]] = {}
            for replicate in range(pairs):
                drawn = draws(world, scenario.seed, replicate)
                chosen = (
                    setting(world)
                    if uncertainty == "chance"
                    else uncertain_setting(world, scenario.seed, replicate)
                )
                whole = records[uncertainty, arm][replicate]
                cut = chosen._replace(coefficients=chosen.coefficients._replace(**{channel: 0.0}))
                without = NarrativeModel.from_arrays(world, cut, drawn, whole.diplomacy).run()
                for metric in ("alignment", "lead", "sympathy", "tension"):
                    gap = values(metric, whole, world) - values(metric, without, world)
                    for a, actor in enumerate(METRICS[metric].actors(world.names)):
                        for k, other in enumerate(METRICS[metric].toward(world.names)):
                            for step in (-1, scenario.steps):
                                at = window if step < 0 else slice(step, step + 1)
                                key = (metric, actor, other, step)
                                lost.setdefault(key, []).append(float(gap[at, a, k].mean()))
            for (metric, actor, other, step), gaps in lost.items():
                x = np.array(gaps)
                half = 1.96 * x.std() / len(x) ** 0.5
                rows.append(
                    {"channel": channel, "arm": arm, "baseline": baseline,
                     "uncertainty": uncertainty, "metric": metric, "actor": actor, "toward": other,
                     "step": step, "date": "", "n_pairs": pairs,
                     **_spread(x, "mean_diff", "sd_diff"),
                     "mc_low": x.mean() - half, "mc_high": x.mean() + half}
                )  # fmt: skip
    pd.DataFrame(rows).to_csv(folder / "channels.csv", index=False)


def _told(scenario: Scenario, worlds: Any, arms: Any, folder: Path, days: list[Any]) -> None:
    """Time series, messages and ledger of replicate 0 in each arm."""
    series, messages, ledger = [], [], []
    for arm in arms:
        model = NarrativeModel(scenario, arm, scenario.seed, 0, ledger=True)
        record, world = model.run(), worlds[arm]
        names, run_id = world.names, f"{arm}-chance-0"
        for metric, entry in METRICS.items():
            table = values(metric, record, world)
            for t in range(table.shape[0]):
                for a, actor in enumerate(entry.actors(names)):
                    for k, other in enumerate(entry.toward(names)):
                        series.append(
                            (run_id, scenario.name, arm, 0, scenario.seed, t, str(days[t]), actor,
                             other, metric, float(table[t, a, k]))
                        )  # fmt: skip
        kinds = ("PROMOTE", "ATTACK", "DENY")
        exposures = iter(model.exposures)
        del exposures
        for m in model.messages:
            target = 1 - m.sender if m.kind == 1 else m.sender
            for a, effort in zip(m.receivers, m.efforts, strict=True):
                messages.append(
                    (run_id, arm, m.day, str(days[m.day]), m.id, names.claimants[m.sender],
                     m.channel, names.audiences[a], kinds[m.kind], names.claimants[target],
                     names.narratives[m.narrative] if m.narrative >= 0 else "",
                     names.issues[m.issue], names.claims[m.claim] if m.claim >= 0 else "",
                     effort, m.evidence, effort * m.evidence, m.in_reply_to)
                )  # fmt: skip
        for notice in model.notices:
            messages.append(
                (run_id, arm, notice.day, str(days[notice.day]), notice.id, notice.sender,
                 "stance" if notice.type == "STANCE" else "diplomacy",
                 ";".join(notice.receivers), notice.type, "", notice.text, "", "", 0.0, 0.0, 0.0,
                 notice.in_reply_to)
            )  # fmt: skip
        for row in model.ledger or ():
            ledger.append(
                (run_id, arm, row.step, str(days[row.step]), names.audiences[row.a],
                 names.claimants[row.k], *row[3:])
            )  # fmt: skip
    pd.DataFrame(
        series,
        columns=["run_id", "scenario", "arm", "replicate", "seed", "step", "date", "actor",
                 "toward", "metric", "value"],
    ).to_parquet(folder / "timeseries.parquet")  # fmt: skip
    pd.DataFrame(
        messages,
        columns=["run_id", "arm", "step", "date", "message_id", "sender", "channel", "receiver",
                 "type", "toward", "narrative", "issue", "claim", "effort", "evidence", "exposure",
                 "in_reply_to"],
    ).to_parquet(folder / "messages.parquet")  # fmt: skip
    pd.DataFrame(
        ledger,
        columns=["run_id", "arm", "step", "date", "actor", "toward", "cause", "cause_id", "delta",
                 "before", "after"],
    ).to_parquet(folder / "ledger.parquet")  # fmt: skip


def _shared(
    scenario: Scenario, document: dict[str, Any], folder: Path, verb: str, pairs: int, arms: Any,
    baseline: str,
) -> None:  # fmt: skip
    (folder / "scenario.resolved.yaml").write_text(
        yaml.safe_dump(document, sort_keys=False, allow_unicode=True), encoding="utf-8"
    )
    pd.DataFrame(
        [("seed", str(scenario.seed), "judgement", "scenario.yaml:6"),
         ("audiences.0.importance", "4", "judgement", "scenario.yaml:30")],
        columns=["key", "value", "source", "where"],
    ).to_csv(folder / "sources.csv", index=False)  # fmt: skip
    manifest = {
        "verb": verb, "command": f"narrate {verb} {scenario.name}", "status": "complete",
        "versions": {"narrative-diplomacy": "0.1.0", "numpy": np.__version__},
        "git": {"commit": "0123456789abcdef", "dirty": False}, "platform": "test",
        "inputs": {"scenario.yaml": "00" * 32}, "seed": scenario.seed,
        "counts": {"asked": pairs, "used": pairs, "failed": 0},
        "arms": list(arms), "baseline": baseline, "timings": {"total": 1.0},
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def run_folder(scenario: Scenario, document: dict[str, Any], folder: Path, arm: str) -> Path:
    """What `run` writes."""
    folder.mkdir(parents=True, exist_ok=True)
    days = [scenario.start_date + timedelta(days=t) for t in range(scenario.steps + 1)]
    _told(scenario, {arm: build(scenario.arm(arm))}, (arm,), folder, days)
    _shared(scenario, document, folder, "run", 1, (arm,), "")
    return folder


def sweep_folder(
    source: Path, folder: Path, swept: dict[str, list[float]], scenario: Scenario,
    document: dict[str, Any],
) -> Path:  # fmt: skip
    """What `sweep` writes: made from a comparison, with effects that grow with the parameters."""
    folder.mkdir(parents=True, exist_ok=True)
    grid = pd.DataFrame({"point": [0]})
    for name, chosen in swept.items():
        grid = grid.merge(pd.DataFrame({name: chosen}), how="cross")
    grid["point"] = range(len(grid))
    grid.to_csv(folder / "design.csv", index=False)
    base = pd.read_csv(source / "comparison.csv")
    base = base[base["step"].isin([-1, base["step"].max()]) & base["metric"].isin(
        ["alignment", "lead", "sympathy"]
    )]  # fmt: skip
    runs = pd.read_parquet(source / "runs.parquet")
    parts, all_runs = [], []
    for row in grid.to_dict("records"):
        factor = 1.0 + sum(row[name] for name in swept)
        part = base.copy()
        for column in ("mean_diff", "mc_low", "mc_high", "q05", "q25", "median", "q75", "q95"):
            part[column] *= factor
        for position, name in enumerate(swept):
            part.insert(position, name, row[name])
        parts.append(part)
        some = runs.copy()
        for name in swept:
            some[name] = row[name]
        some["lead"] *= factor
        all_runs.append(some)
    pd.concat(parts).to_csv(folder / "comparison.csv", index=False)
    summary = pd.read_csv(source / "summary.csv")
    told = [
        summary.assign(**{name: row[name] for name in swept}) for row in grid.to_dict("records")
    ]
    pd.concat(told).to_csv(folder / "summary.csv", index=False)
    pd.concat(all_runs).to_parquet(folder / "runs.parquet")
    arms = (str(base["baseline"].iloc[0]), str(base["arm"].iloc[0]))
    _shared(scenario, document, folder, "sweep", 6, arms, arms[0])
    return folder
