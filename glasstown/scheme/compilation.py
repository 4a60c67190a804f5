"""A scheme as integer tables, with mechanisms left out where a scenario says so.

Points become tenths, probabilities thresholds, rates a year probabilities a week. Leaving a
mechanism out changes numbers here and nothing else: no draw is added, dropped or renumbered.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from glasstown.laws import Q16, Q32
from glasstown.laws.sanction import DELAY, DENY, FAVOUR, NEVER, NOTHING
from glasstown.scheme.declaration import Scheme, Treatment
from glasstown.society.compilation import CHANNELS, WEEKS_A_YEAR
from glasstown.society.declaration import Behaviour, Society
from glasstown.society.poisson import Q40

TENTHS = 10
TIERS, LISTS, SERVICES = 6, 3, 8
SERVICE_NAMES = (
    "loan", "flight", "train", "passport", "hospital", "school", "rental", "public_job",
)  # fmt: skip
SCORE_BINS = 20
ALWAYS_ABOVE = 1 << 20
"""A limit that no score lies above."""

# Columns of the table of rules, one row a behaviour.
(
    POINTS, URBAN_1, RURAL_1, ERROR_1, URBAN_2, RURAL_2, ERROR_2, ENTER_1, ENTER_2, ENTER_3,
    IS_RECORD,
) = range(11)  # fmt: skip
# Columns of the table of lists; row 0 stands for no list.
IS_BLACK, TERM, PERFORMED, SHAMING, BELOW, ABOVE, DENIES = range(7)
ACTIONS = {"deny": DENY, "delay": DELAY, "favour": FAVOUR}

T = TypeVar("T")


class Rules(NamedTuple):
    """What a scheme does, as arrays.

    ``rules`` int64 (behaviours, 11); ``lists`` int64 (4, 7); ``treatments`` int64 (9, 8): tiers 0
    to 5, then lists 1 to 3, by service; ``treated`` int64 (9,): which services are treated, as
    bits; ``deny_until`` int64 (6,): the score
    (tenths) from which a citizen in this tier would no longer be denied anything, NEVER where
    nothing is denied.
    """

    rules: NDArray[np.int64]
    lists: NDArray[np.int64]
    treatments: NDArray[np.int64]
    treated: NDArray[np.int64]
    deny_until: NDArray[np.int64]


class Terms(NamedTuple):
    """The scheme's single numbers: tenths of points, q16 and q32 probabilities, weeks."""

    start: int
    floor: int
    ceiling: int
    bin_q32: int
    limit_1: int
    limit_2: int
    limit_3: int
    limit_4: int
    limit_5: int
    lowest_tier: int
    low_below: int
    friends_threshold: int
    friends_points: int
    friends_every: int
    household_points: int
    household_denies: int
    expiry_q16: int
    appeal_q32: int
    appeal_delay: int
    appeal_wrong_q32: int
    appeal_right_q32: int
    correction_q32: int
    repair_after: int
    repair_week_q32: int
    repair_reflection_q32: int
    repair_points: int
    shame_lowest_q32: int
    shame_rise: int
    praise_pays: int
    criticism_costs: int
    loss_rise_q16: int
    watch_below: int
    watch_above: int


class CompiledScheme(NamedTuple):
    """A scheme ready to run; ``false_matches``: per settlement, (behaviour, rate a week as q40)."""

    rules: Rules
    terms: Terms
    false_matches: tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]


def _tenths(points: float) -> int:
    return round(points * TENTHS)


def _weekly_q32(per_year: float) -> int:
    return min(round(per_year / WEEKS_A_YEAR * Q32), Q32)


def _kept(part: T | None, mechanism: str, without: Sequence[str]) -> T | None:
    return None if mechanism in without else part


def _seen(scheme: Scheme, behaviour: Behaviour, without: Sequence[str]) -> list[int]:
    """Return q16 of being seen (urban, rural) and q32 of misidentification, for two channels."""
    columns: list[int] = []
    for channel, visibility in behaviour.seen_by.items():
        watching = scheme.channels.get(channel)
        if watching is None or "watch" in without:
            columns += [0, 0, 0]
            continue
        kept = visibility * (1 if "misses" in without else 1 - watching.miss)
        error = 0 if "misidentification" in without else round(watching.misidentification * Q32)
        columns += [round(kept * watching.urban * Q16), round(kept * watching.rural * Q16), error]
    return columns + [0, 0, 0] * (2 - len(behaviour.seen_by))


def _points(scheme: Scheme, behaviour: Behaviour, without: Sequence[str]) -> int:
    """Return the points (tenths) of a booked behaviour; a rule goes before the rules of speech."""
    mechanism = "speech" if behaviour.kind == "speech" else "score"
    if mechanism in without:
        return 0
    for rule in scheme.rules:
        if rule.behaviour == behaviour.name:
            return _tenths(rule.points)
    if scheme.speech is not None and behaviour.stance is not None:
        speech = scheme.speech
        return _tenths(speech.praise if behaviour.stance == "praise" else speech.criticism)
    return 0


def _rules(scheme: Scheme, known: Sequence[Behaviour], without: Sequence[str]) -> NDArray[np.int64]:
    rows = []
    for behaviour in known:
        enter = [0] * LISTS
        if "lists" not in without:
            for i, one in enumerate(scheme.lists):
                enter[i] = round(one.behaviours.get(behaviour.name, 0.0) * Q16)
        points = _points(scheme, behaviour, without)
        is_record = int(points != 0 or any(enter))
        rows.append([points, *_seen(scheme, behaviour, without), *enter, is_record])
    return np.array(rows, np.int64).reshape(-1, 11)


def _lists(scheme: Scheme, without: Sequence[str]) -> NDArray[np.int64]:
    table = np.zeros((LISTS + 1, 7), np.int64)
    table[:, BELOW], table[:, ABOVE] = NEVER, ALWAYS_ABOVE
    for row, one in enumerate(scheme.lists, start=1):
        table[row, IS_BLACK] = one.colour == "black"
        table[row, TERM] = one.term_weeks or 0
        table[row, PERFORMED] = _weekly_q32(one.performed)
        table[row, SHAMING] = 0 if "shaming" in without else round(one.shaming * Q32)
        if scheme.score is not None and "lists" not in without:
            if one.score_below is not None:
                table[row, BELOW] = _tenths(one.score_below)
            if one.score_above is not None:
                table[row, ABOVE] = _tenths(one.score_above)
    return table


def _treatments(scheme: Scheme, without: Sequence[str]) -> NDArray[np.int64]:
    table = np.zeros((TIERS + LISTS, SERVICES), np.int64)
    tiers = [tier.name for tier in scheme.tiers]
    lists = [one.name for one in scheme.lists]
    kept: list[Treatment] = []
    kept += [] if "rewards" in without else scheme.rewards
    kept += [] if "sanctions" in without else scheme.sanctions
    for one in kept:
        if one.tier is not None:
            if "tiers" in without:
                continue
            row = tiers.index(one.tier)
        else:
            row = TIERS + lists.index(str(one.list))
        table[row, SERVICE_NAMES.index(one.service)] = ACTIONS[one.action]
    return table


def _tier_limits(scheme: Scheme, without: Sequence[str]) -> list[int]:
    if "tiers" in without:
        return [NEVER] * 5
    limits = [_tenths(tier.at_least) for tier in scheme.tiers[:-1]]
    return limits + [NEVER] * (5 - len(limits))


def _deny_until(treatments: NDArray[np.int64], limits: Sequence[int]) -> NDArray[np.int64]:
    """Return, for each tier, the score at which the denials that a citizen there meets end."""
    until = np.full(TIERS, NEVER, np.int64)
    for tier in range(TIERS):
        if (treatments[tier] == DENY).any():
            upper = limits[tier - 1] if tier > 0 else ALWAYS_ABOVE
            above = until[tier - 1] if tier > 0 else NEVER
            until[tier] = above if above != NEVER else upper
    return until


def _false_matches(
    scheme: Scheme, known: Sequence[Behaviour], without: Sequence[str]
) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    names = [one.name for one in known]
    rates: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    for channel in CHANNELS:
        watching = scheme.channels.get(channel)  # type: ignore[call-overload]
        if watching is None or "watch" in without or "misidentification" in without:
            continue
        weekly = watching.false_match * watching.searches / WEEKS_A_YEAR
        if weekly == 0:
            continue
        behaviour = names.index(watching.false_match_as)
        for settlement, coverage in enumerate((watching.urban, watching.rural)):
            rates[settlement].append((behaviour, round(weekly * coverage * Q40)))
    return tuple(rates[0]), tuple(rates[1])


def _terms(
    scheme: Scheme, society: Society, lists: NDArray[np.int64], without: Sequence[str]
) -> Terms:
    score = scheme.score
    start, floor, ceiling = (
        (0, 0, 1) if score is None
        else (_tenths(score.start), _tenths(score.floor), _tenths(score.ceiling))
    )  # fmt: skip
    limits = _tier_limits(scheme, without)
    tiers = [tier.name for tier in scheme.tiers]
    low_row = tiers.index(scheme.low_tier) if scheme.low_tier and "tiers" not in without else 0
    reflection = society.reflection_weeks
    appeal = _kept(scheme.appeal, "appeal", without)
    repair = _kept(scheme.repair, "repair", without)
    friends = _kept(scheme.friends, "friends", without)
    household = _kept(scheme.household, "household", without)
    expiry = _kept(scheme.expiry, "expiry", without)
    shaming = _kept(scheme.shaming, "shaming", without)
    speech = _kept(scheme.speech, "speech", without)
    denies = household.denies if household and "sanctions" not in without else []
    is_cautious = "caution" not in without
    loss = society.caution_from_loss * 255 * TENTHS / (ceiling - floor)
    return Terms(
        start=start, floor=floor, ceiling=ceiling,
        bin_q32=(SCORE_BINS << 32) // (ceiling - floor + 1),
        limit_1=limits[0], limit_2=limits[1], limit_3=limits[2],
        limit_4=limits[3], limit_5=limits[4],
        lowest_tier=len(tiers) - 1 if len(tiers) > 1 and "tiers" not in without else TIERS,
        low_below=limits[low_row - 1] if low_row > 0 else NEVER,
        friends_threshold=friends.threshold_ties if friends else 0,
        friends_points=_tenths(friends.points) if friends else 0,
        friends_every=max(scheme.friends.period_weeks // reflection, 1) if scheme.friends else 1,
        household_points=_tenths(household.points) if household and score else 0,
        household_denies=sum(1 << SERVICE_NAMES.index(one) for one in denies),
        expiry_q16=round((1 - 2 ** (-reflection / expiry.half_life_weeks)) * Q16) if expiry else 0,
        appeal_q32=round(appeal.rate * Q32) if appeal else 0,
        appeal_delay=appeal.delay_weeks if appeal else 0,
        appeal_wrong_q32=round(appeal.success_when_wrong * Q32) if appeal else 0,
        appeal_right_q32=round(appeal.success_when_right * Q32) if appeal else 0,
        correction_q32=round(appeal.correction * Q32) if appeal else 0,
        repair_after=repair.after_weeks if repair else 0,
        repair_week_q32=_weekly_q32(repair.rate) if repair else 0,
        repair_reflection_q32=_weekly_q32(repair.rate * reflection) if repair else 0,
        repair_points=_tenths(repair.points) if repair and score else 0,
        shame_lowest_q32=round(shaming.lowest_tier * Q32) if shaming else 0,
        shame_rise=round(shaming.caution * 255) if shaming and is_cautious else 0,
        praise_pays=round(speech.praise_pays) if speech else 0,
        criticism_costs=round(speech.criticism_costs) if speech else 0,
        loss_rise_q16=round(loss * Q16) if is_cautious and score is not None else 0,
        watch_below=int(lists[:, BELOW].max()),
        watch_above=int(lists[:, ABOVE].min()),
    )  # fmt: skip


def compile_scheme(
    scheme: Scheme, society: Society, known: Sequence[Behaviour], without: Sequence[str] = ()
) -> CompiledScheme:
    """Compile a scheme for a society and its catalogue of behaviours.

    Parameters
    ----------
    scheme, society : Scheme, Society
        The declarations.
    known : sequence of Behaviour
        The catalogue, in its order.
    without : sequence of str
        Mechanisms left out.
    """
    treatments = _treatments(scheme, without)
    lists = _lists(scheme, without)
    lists[1:, DENIES] = (treatments[TIERS:] == DENY).any(axis=1)
    rules = Rules(
        rules=_rules(scheme, known, without),
        lists=lists,
        treatments=treatments,
        treated=(treatments != NOTHING) @ (1 << np.arange(SERVICES)),
        deny_until=_deny_until(treatments, _tier_limits(scheme, without)),
    )
    false_matches = _false_matches(scheme, known, without)
    return CompiledScheme(rules, _terms(scheme, society, lists, without), false_matches)
