"""Every parameter and switch, declared once.

``Parameters`` carries what a scenario file may set; ``Switches`` turns mechanisms off;
``coefficients`` merges the two into the numbers the laws use, so that no engine or law ever tests
a switch. The scenario schema, the sweep bounds, the uncertainty draws, ``narrate show`` and the
table in docs/model.md all read the declarations below.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Annotated, NamedTuple, get_type_hints

KNOWN, JUDGED = "order of magnitude from the literature", "judgement"


class Spec(NamedTuple):
    """What a parameter is: ``low``-``high`` bounds draws and sliders, the hard limits validity.

    Attributes
    ----------
    symbol, unit, meaning
        As in docs/model.md; the unit "1" is that of a pure number.
    low, high
        The range of draws and sliders.
    source
        Where the range comes from.
    more
        What a higher value does, in words for whoever moves it.
    fixed
        Whether it is left alone when uncertainty is explored.
    hard_low, hard_high, below
        The least and the largest valid value; ``below``: the largest itself is not allowed.
    endless
        Whether infinity is a valid value, too.
    """

    symbol: str
    low: float
    high: float
    unit: str
    meaning: str
    source: str = JUDGED
    more: str = ""
    fixed: bool = False
    hard_low: float = 0.0
    hard_high: float = math.inf
    below: bool = False
    endless: bool = False


def _share(
    symbol: str, low: float, high: float, unit: str, meaning: str, source: str = JUDGED
) -> Spec:
    """A parameter that no value above 1 makes sense for."""
    return Spec(symbol, low, high, unit, meaning, source, hard_high=1.0)


class Parameters(NamedTuple):
    """The parameters of the model in days, exposures and efforts (docs/model.md, section 3)."""

    anchor_pull: Annotated[
        float,
        _share("alpha", 0.03, 0.12, "1/day", "pull of an audience back to its interests"),
        "sympathy returns sooner to what a capital's interests say",
    ] = 0.07
    peer_pull: Annotated[
        float,
        _share("kappa", 0.0, 0.1, "1/day", "pull toward the audiences it listens to"),
        "capitals follow those they listen to more closely",
    ] = 0.01
    message_weight: Annotated[
        float,
        _share("omega_bar", 0.006, 0.1, "1/day", "pull of messages at full attention"),
        "the same messages move sympathy further",
    ] = 0.03
    draw: Annotated[
        float,
        Spec("H0", 0.2, 0.2, "exposure", "how much exposure it takes to be heard", fixed=True),
    ] = 0.2
    decisiveness: Annotated[
        float,
        Spec("r", 0.5, 1.5, "1", "Tullock exponent of the contest for attention", fixed=True),
    ] = 1.0
    attack_potency: Annotated[
        float,
        Spec("nu", 0.0, 3.0, "1", "weight of an attack against a promotion"),
        "an accusation outweighs a promotion by more",
    ] = 1.0
    backlash: Annotated[
        float,
        Spec("backlash", 0.0, 1.0, "1", "harm of a disbelieved attack to its sender", KNOWN),
        "an accusation that is not believed harms its sender more",
    ] = 0.3
    noise: Annotated[
        float, Spec("sigma", 0.0, 0.03, "sympathy/day^0.5", "daily random change", fixed=True)
    ] = 0.005
    salience_half_life: Annotated[
        float,
        Spec("half-life of z", 3.0, 30.0, "day", "how fast an issue fades", KNOWN),
        "an issue stays in mind for longer",
    ] = 10.0
    priming: Annotated[
        float,
        Spec("chi", 0.0, 0.15, "salience/effort", "salience added by talk of an issue"),
        "talk of an issue brings it to mind more",
    ] = 0.03
    resonance: Annotated[
        float,
        Spec("eta", 0.0, 2.0, "1", "how far messages on salient issues travel further"),
        "what is said on an issue in mind travels further, the rest less far",
    ] = 1.0
    credibility_prior: Annotated[
        float,
        Spec("n0", 2.0, 50.0, "observations", "weight of the initial trust"),
        "what is kept or broken changes trust more slowly",
    ] = 10.0
    credibility_exponent: Annotated[
        float,
        Spec("gamma", 0.0, 2.0, "1", "how strongly credibility scales exposure"),
        "the less trusted side is heard less",
    ] = 1.0
    denial_efficacy: Annotated[
        float,
        _share("delta", 0.0, 1.0, "1", "part of an attack that denial can take away"),
        "a denial takes away more of an accusation",
    ] = 0.5
    broadcast_reach: Annotated[
        float,
        _share("b", 0.0, 0.5, "1", "part of statement effort that reaches each audience"),
        "more of what is stated at home reaches every capital",
    ] = 0.10
    credence_draw: Annotated[
        float,
        Spec("credence draw", 0.02, 0.5, "exposure", "exposure it takes to move credence"),
        "it takes more talk to change what is believed",
    ] = 0.1
    denial_priming: Annotated[
        float,
        _share("denial priming", 0.0, 1.0, "1", "priming by a denial, part of an attack's"),
        "a denial brings the issue it denies to mind more",
    ] = 0.3
    reply: Annotated[
        float,
        _share("reply", 0.0, 0.5, "1", "part of statement effort that answers attacks"),
        "more of the effort answers accusations, less makes the own case",
    ] = 0.1
    team_effort: Annotated[
        float,
        Spec("team effort", 0.2, 2.0, "effort/day", "effort of one delegation in the field"),
        "a visiting team says more each day",
    ] = 1.0
    credence_rate: Annotated[
        float,
        _share("zeta", 0.0, 0.3, "1/day", "speed at which credence follows the claims heard"),
        "what is believed follows what is claimed sooner",
    ] = 0.05
    base_incident_rate: Annotated[
        float,
        Spec("lambda0", 0.0, 0.05, "1/day", "incidents without tension"),
        "more incidents begin without a cause in the model",
    ] = 0.01
    branching_ratio: Annotated[
        float,
        _share("n", 0.0, 0.9, "1", "incidents that one incident sets off", KNOWN)._replace(
            below=True
        ),
        "one incident sets off more",
    ] = 0.40
    incident_tension: Annotated[
        float,
        Spec("J", 0.0, 1.0, "tension", "tension added by one incident"),
        "each incident raises tension more",
    ] = 0.3
    tension_half_life: Annotated[
        float,
        Spec("half-life of tau", 5.0, 60.0, "day", "how fast tension fades"),
        "tension lasts longer",
    ] = 15.0
    escalation_worry: Annotated[
        float,
        Spec("escalation worry", 0.0, 2.0, "tension/salience", "weight of escalation salience"),
        "talk of escalation worries the mediator more",
    ] = 0.5
    offer_threshold: Annotated[
        float,
        Spec("offer threshold", 1.0, 5.0, "tension", "worry at which mediation is offered"),
        "the mediator waits for a worse crisis before it offers",
    ] = 2.5
    offer_cooldown: Annotated[
        float, Spec("cool-down", 14.0, 14.0, "day", "least days between two offers", fixed=True)
    ] = 14.0
    calming: Annotated[
        float,
        _share("mu", 0.0, 0.3, "1/day", "tension taken away by active mediation"),
        "accepted mediation takes tension away faster",
    ] = 0.05
    parity: Annotated[
        float,
        _share("h", 0.0, 1.0, "1", "how far mediation makes audiences treat both alike"),
        "mediation makes capitals treat both sides more alike",
    ] = 0.30
    parity_spillover: Annotated[
        float,
        _share("phi", 0.0, 1.0, "1", "part of parity felt outside the mediator's capital"),
        "more of that is felt in the other capitals",
    ] = 0.5
    offer_parity: Annotated[
        float,
        _share("theta", 0.0, 1.0, "1", "part of parity that an offer alone brings"),
        "an offer not yet accepted by both already brings more of it",
    ] = 0.5
    impartiality: Annotated[
        float,
        _share("iota", 0.0, 0.5, "1", "the active mediator's own extra evenness"),
        "the mediator itself is more even while it mediates",
    ] = 0.1
    goodwill: Annotated[
        float,
        Spec("g", 0.0, 0.1, "exposure/day", "credit for accepting, blame for refusing"),
        "accepting is credited more, refusing blamed more",
    ] = 0.03
    tension_weight: Annotated[
        float,
        Spec("w_tau", 0.0, 3.0, "utility/tension", "value of calm to a claimant"),
        "calm counts more when a side answers an offer",
    ] = 1.0
    parity_weight: Annotated[
        float,
        Spec("w_h", 0.0, 10.0, "utility/alignment", "cost or gain of being treated alike"),
        "being treated alike counts more when a side answers an offer",
    ] = 5.0
    choice_precision: Annotated[
        float,
        Spec(
            "beta_L", 2.0, 200.0, "1/utility", "sharpness of the logit answer", fixed=True
        )._replace(endless=True),
    ] = 20.0
    mediation_length: Annotated[
        float, Spec("length", 60.0, 60.0, "day", "days an offer acts", fixed=True, hard_low=1.0)
    ] = 60.0
    audience_cost: Annotated[
        float,
        Spec("d", 0.0, 0.15, "utility", "domestic cost of accepting a mediator"),
        "accepting costs a side more at home",
    ] = 0.05
    dwell: Annotated[
        float, Spec("dwell", 1.0, 7.0, "day", "days a free team stays", fixed=True, hard_low=1.0)
    ] = 3.0
    crowding: Annotated[
        float,
        _share("c", 0.0, 1.0, "1", "how far an issue that comes up displaces what was thought"),
        "what comes up displaces more of what an audience thought before, and adds less to it",
    ] = 0.5
    news_half_life: Annotated[
        float,
        Spec("half-life of news", 0.5, 7.0, "day", "how fast coverage of an event fades", KNOWN),
        "an event is heard of for longer, and less on its own day",
    ] = 2.0


class Switches(NamedTuple):
    """Mechanisms that can be turned off; each field's comment says what "off" puts instead."""

    persuasion: bool = True  # message_weight 0
    peers: bool = True  # peer_pull 0
    priming: bool = True  # priming 0
    attention: bool = True  # attention is 1 everywhere
    resonance: bool = True  # resonance 0
    credibility: bool = True  # credibility_exponent 0; counts go on
    denial: bool = True  # denial_efficacy 0
    replies: bool = True  # reply 0
    backlash: bool = True  # backlash 0
    credence: bool = True  # every credence is 1 and stays there
    noise: bool = True  # noise 0
    incidents: bool = True  # base_incident_rate 0 and branching_ratio 0
    mediation: bool = True  # no offers
    parity: bool = True  # parity 0, in consent too
    impartiality: bool = True  # impartiality 0
    news: bool = True  # news_half_life 0: an event is heard of on its day alone
    summation: bool = True  # crowding 1: what is salient crowds out the rest


class Coefficients(NamedTuple):
    """The numbers the laws use in one run: parameters with switches applied, all floats.

    ``limited_attention`` and ``open_credence`` are 1 or 0: the two switches that no parameter's
    value can express.
    """

    peer_pull: float
    message_weight: float
    draw: float
    decisiveness: float
    attack_potency: float
    backlash: float
    noise: float
    salience_retention: float
    priming: float
    resonance: float
    credibility_prior: float
    credibility_exponent: float
    denial_efficacy: float
    broadcast_reach: float
    credence_draw: float
    denial_priming: float
    reply: float
    team_effort: float
    credence_rate: float
    base_incident_rate: float
    branching_ratio: float
    incident_tension: float
    tension_retention: float
    escalation_worry: float
    offer_threshold: float
    offer_cooldown: float
    calming: float
    parity: float
    parity_spillover: float
    offer_parity: float
    impartiality: float
    goodwill: float
    tension_weight: float
    parity_weight: float
    choice_precision: float
    mediation_length: float
    crowding: float
    news_retention: float
    limited_attention: float
    open_credence: float


SPECS: dict[str, Spec] = {
    name: hint.__metadata__[0]._replace(more="".join(hint.__metadata__[1:]))
    for name, hint in get_type_hints(Parameters, include_extras=True).items()
}
DEFAULTS = Parameters()
WHOLE_NUMBERS = ("offer_cooldown", "mediation_length", "dwell")
POSITIVE = (
    "decisiveness",
    "salience_half_life",
    "tension_half_life",
    "credibility_prior",
    "choice_precision",
)

# What each switch puts in place of a parameter. Attention, credence and mediation have no
# parameter of their own: the first two are coefficients, the last silences the mediator's policy.
OFF: dict[str, dict[str, float]] = {
    "persuasion": {"message_weight": 0.0},
    "peers": {"peer_pull": 0.0},
    "priming": {"priming": 0.0},
    "resonance": {"resonance": 0.0},
    "credibility": {"credibility_exponent": 0.0},
    "denial": {"denial_efficacy": 0.0},
    "replies": {"reply": 0.0},
    "backlash": {"backlash": 0.0},
    "noise": {"noise": 0.0},
    "incidents": {"base_incident_rate": 0.0, "branching_ratio": 0.0},
    "parity": {"parity": 0.0},
    "impartiality": {"impartiality": 0.0},
    "news": {"news_half_life": 0.0},
    "summation": {"crowding": 1.0},
}


def retention(half_life: float) -> float:
    """What is left after one day of a quantity with this half-life in days; nothing at 0."""
    return math.pow(0.5, 1.0 / half_life) if half_life > 0.0 else 0.0


def coefficients(
    parameters: Parameters, switches: Switches, kept: Callable[[float], float] = retention
) -> Coefficients:
    """Merge parameters and switches into the numbers of one run.

    Parameters may also be arrays over runs; ``kept`` is then the retention of an array of
    half-lives, so that the engine of many runs has no second list of coefficients.
    """
    for switch, off in OFF.items():
        if not getattr(switches, switch):
            parameters = parameters._replace(**off)
    values = {name: 1.0 * value for name, value in parameters._asdict().items()}
    values["salience_retention"] = kept(values["salience_half_life"])
    values["tension_retention"] = kept(values["tension_half_life"])
    values["news_retention"] = kept(values["news_half_life"])
    values["limited_attention"] = float(switches.attention)
    values["open_credence"] = float(switches.credence)
    return Coefficients(**{name: values[name] for name in Coefficients._fields})


def invalid(name: str, value: float) -> str:
    """Say why ``value`` is refused for the parameter; "" where it is within the hard limits."""
    spec = SPECS[name]
    if not math.isfinite(value):
        return "" if spec.endless and value > 0.0 else "must be finite"
    if name in POSITIVE and value <= 0:
        return "must be above 0"
    if name in WHOLE_NUMBERS and value != int(value):
        return "must be a whole number of days"
    if value < spec.hard_low or value > spec.hard_high or (spec.below and value >= spec.hard_high):
        if spec.hard_high == math.inf:
            return f"must be at least {spec.hard_low:g}"
        end = "below" if spec.below else "to"
        return f"must lie in {spec.hard_low:g} {end} {spec.hard_high:g}"
    return ""
