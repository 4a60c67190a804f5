"""A scheme as integer tables, with mechanisms left out where a scenario says so.

Points become tenths, probabilities thresholds, rates a year probabilities a week. Leaving a
mechanism out changes numbers here and nothing else: no draw is added, dropped or renumbered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from glasstown.laws import Q16, Q32
from glasstown.laws.sanction import DELAY, DENY, FAVOUR, NEVER, NOTHING
from glasstown.scheme.dated import share_on, steps_of
from glasstown.scheme.declaration import Scheme, Score, Treatment
from glasstown.scheme.firm_terms import firm_terms
from glasstown.scheme.platforms import platform_tables
from glasstown.scheme.remedies import Appeal
from glasstown.scheme.taking_part import Insiders, Joining
from glasstown.scheme.units import ALWAYS_ABOVE, SERVICE_NAMES, TENTHS, service_bits
from glasstown.scheme.units import tenths as _tenths
from glasstown.scheme.units import weekly_q32 as _weekly_q32
from glasstown.society.compilation import CHANNELS, WEEKS_A_YEAR
from glasstown.society.declaration import Behaviour, Society
from glasstown.society.poisson import Q40

TIERS, LISTS, SERVICES = 6, 3, 8
SCORE_BINS = 20

# Columns of the table of rules, one row a behaviour.
(
    POINTS, URBAN_1, RURAL_1, ERROR_1, URBAN_2, RURAL_2, ERROR_2, ENTER_1, ENTER_2, ENTER_3,
    IS_RECORD, CATEGORY,
) = range(12)  # fmt: skip
RULE_COLUMNS = 12
# Columns of the table of lists; row 0 stands for no list.
(
    IS_BLACK, TERM, PERFORMED, SHAMING, BELOW, ABOVE, DENIES, GRACE, TERM_UNABLE, UNABLE_Q16,
    UNWILLING_Q16,
) = range(11)  # fmt: skip
LIST_COLUMNS = 11
FIRM_TIERS = 5
LATEST = date.max
"""The day for which a scheme is compiled when nobody says: dated numbers are at their last."""
ACTIONS = {"deny": DENY, "delay": DELAY, "favour": FAVOUR}

T = TypeVar("T")


class Rules(NamedTuple):
    """What a scheme does, as arrays.

    ``rules`` int64 (behaviours, 12); ``lists`` int64 (4, 11); ``treatments`` int64 (9, 8): tiers
    0 to 5, then lists 1 to 3, by service; ``treated`` int64 (9,): which services are treated, as
    bits; ``deny_until`` int64 (6,): the score (tenths) from which a citizen in this tier would no
    longer be denied anything, NEVER where nothing is denied; ``visibility`` int64 (256,): q16 of
    being seen on the platform behind a trait byte; ``hides`` int64 (2, 256): q16 of criticism and
    of mobilisation being hidden there.
    """

    rules: NDArray[np.int64]
    lists: NDArray[np.int64]
    treatments: NDArray[np.int64]
    treated: NDArray[np.int64]
    deny_until: NDArray[np.int64]
    visibility: NDArray[np.int64]
    hides: NDArray[np.int64]


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
    friends_once: int
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
    denied_below: int
    appeal_notice_q32: int
    appeal_cost_q16: int
    appeal_far_q16: int
    appeal_distance_q16: int
    insider_q32: int
    insider_points: int
    insider_strike_q32: int
    insider_caught_q32: int
    insider_below: int
    has_score: int
    is_voluntary: int
    aware_q16: int
    join_reward: int
    join_fear_q8: int
    leave_below: int
    is_cash_over: int
    mobilisation_costs: int
    has_firms: int
    firm_start: int
    firm_social_most: int
    firm_expiry_q16: int
    firm_below: int
    firm_red_above: int
    firm_term: int
    firm_performed_q32: int
    firm_priority_q8: int
    firm_exempt_q8: int
    firm_bars_bids: int
    firm_favours_bids: int
    firm_owner_points: int
    firm_denies: int
    firm_points_owner: int
    firm_owner_bars_bids: int
    firm_limit_1: int
    firm_limit_2: int
    firm_limit_3: int
    firm_limit_4: int
    firm_tiers: int
    gathering: int


class CompiledScheme(NamedTuple):
    """A scheme ready to run; ``false_matches``: per settlement, (behaviour, rate a week as q40)."""

    rules: Rules
    terms: Terms
    false_matches: tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]


def _kept(part: T | None, mechanism: str, without: Sequence[str]) -> T | None:
    return None if mechanism in without else part


def _coverage(scheme: Scheme, channel: str, day: date, without: Sequence[str]) -> list[float]:
    """Return what share of a deed in view a channel sees on a day, urban and rural."""
    watching = scheme.channels.get(channel)  # type: ignore[call-overload]
    if watching is None or "watch" in without:
        return [0.0, 0.0]
    if channel == "inspection" and "inspections" in without:
        return [0.0, 0.0]
    kept = 1 if "misses" in without else 1 - watching.miss
    return [kept * share_on(watching.urban, day), kept * share_on(watching.rural, day)]


def _seen(scheme: Scheme, behaviour: Behaviour, day: date, without: Sequence[str]) -> list[int]:
    """Return q16 of being seen (urban, rural) and q32 of misidentification, for two channels."""
    columns: list[int] = []
    for channel, visibility in behaviour.seen_by.items():
        watching = scheme.channels.get(channel)
        # A firm is not mistaken for another: its licence hangs on the wall.
        is_mistaken = watching is not None and behaviour.by != "firm"
        error = watching.misidentification if watching is not None and is_mistaken else 0.0
        columns += [
            round(visibility * share * Q16) for share in _coverage(scheme, channel, day, without)
        ]
        columns.append(0 if {"misidentification", "watch"} & set(without) else round(error * Q32))
    return columns + [0, 0, 0] * (2 - len(behaviour.seen_by))


def _points(scheme: Scheme, behaviour: Behaviour, day: date, without: Sequence[str]) -> int:
    """Return the points (tenths) of a booked behaviour; a rule goes before the rules of speech."""
    mechanism = "speech" if behaviour.kind == "speech" else "score"
    if mechanism in without:
        return 0
    for rule in scheme.rules:
        if rule.behaviour == behaviour.name and _holds(rule.since, rule.until, day):
            return _tenths(rule.points)
    if scheme.speech is not None and behaviour.stance is not None:
        return _tenths(float(getattr(scheme.speech, behaviour.stance)))
    return 0


def _holds(since: date | None, until: date | None, day: date) -> bool:
    return (since is None or since <= day) and (until is None or day < until)


def _firm_row(scheme: Scheme, behaviour: Behaviour, without: Sequence[str]) -> list[int]:
    """Return points (tenths), three chances of entry (q16) and category of a firm's behaviour."""
    firms = _kept(scheme.firms, "firms", without)
    if firms is None:
        return [0, 0, 0, 0, 0]
    rule = next((one for one in firms.rules if one.behaviour == behaviour.name), None)
    enter = firms.black.behaviours.get(behaviour.name, 0.0) if firms.black else 0.0
    points = _tenths(rule.points) if rule else 0
    return [points, round(enter * Q16), 0, 0, int(rule is not None and rule.category == "social")]


def _rules(
    scheme: Scheme, known: Sequence[Behaviour], day: date, without: Sequence[str]
) -> NDArray[np.int64]:
    rows = []
    for behaviour in known:
        if behaviour.by == "firm":
            points, *enter, category = _firm_row(scheme, behaviour, without)
        else:
            points, enter, category = _points(scheme, behaviour, day, without), [0] * LISTS, 0
            if "lists" not in without:
                for i, one in enumerate(scheme.lists):
                    enter[i] = round(one.behaviours.get(behaviour.name, 0.0) * Q16)
        is_record = int(points != 0 or any(enter))
        rows.append([points, *_seen(scheme, behaviour, day, without), *enter, is_record, category])
    return np.array(rows, np.int64).reshape(-1, RULE_COLUMNS)


def _lists(scheme: Scheme, without: Sequence[str]) -> NDArray[np.int64]:
    table = np.zeros((LISTS + 1, LIST_COLUMNS), np.int64)
    table[:, BELOW], table[:, ABOVE] = NEVER, ALWAYS_ABOVE
    for row, one in enumerate(scheme.lists, start=1):
        table[row, IS_BLACK] = one.colour == "black"
        table[row, TERM] = one.term_weeks or 0
        table[row, TERM_UNABLE] = one.term_weeks_unable or one.term_weeks or 0
        table[row, PERFORMED] = _weekly_q32(one.performed)
        table[row, SHAMING] = 0 if "shaming" in without else round(one.shaming * Q32)
        table[row, GRACE] = 0 if "grace" in without else one.grace_weeks
        test = _kept(one.ability_test, "ability_test", without)
        if test is not None:
            table[row, UNABLE_Q16] = round(test.recognises_unable * Q16)
            table[row, UNWILLING_Q16] = round(test.takes_for_unable * Q16)
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
    scheme: Scheme, known: Sequence[Behaviour], day: date, without: Sequence[str]
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
        for settlement, dated in enumerate((watching.urban, watching.rural)):
            rates[settlement].append((behaviour, round(weekly * share_on(dated, day) * Q40)))
    return tuple(rates[0]), tuple(rates[1])


def _terms(
    scheme: Scheme, society: Society, known: Sequence[Behaviour], rules: Rules, day: date,
    without: Sequence[str],
) -> Terms:  # fmt: skip
    score, lists, deny_until = scheme.score, rules.lists, rules.deny_until
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
        friends_once=int(friends is not None and friends.counted == "once"),
        friends_every=max(scheme.friends.period_weeks // reflection, 1) if scheme.friends else 1,
        household_points=_tenths(household.points) if household and score else 0,
        household_denies=service_bits(list(denies)),
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
        denied_below=int(deny_until.max()),
        has_score=int(score is not None),
        is_cash_over=int(
            scheme.cash_ends is not None and scheme.cash_ends <= day and "cash_end" not in without
        ),
        mobilisation_costs=round(speech.mobilisation_costs) if speech else 0,
        gathering=_gathering(known),
        **_appeal_terms(appeal),
        **_insider_terms(_kept(scheme.insiders, "insiders", without), score, reflection),
        **_joining_terms(_kept(scheme.joining, "participation", without)),
        **firm_terms(_kept(scheme.firms, "firms", without), score, reflection, without),
    )  # fmt: skip


def _gathering(known: Sequence[Behaviour]) -> int:
    """Return the number of the behaviour that joining a gathering is booked as; -1 if none."""
    return next((i for i, one in enumerate(known) if one.name == "gathering"), -1)


def _appeal_terms(appeal: Appeal | None) -> dict[str, int]:
    return {
        "appeal_notice_q32": round(appeal.notice * Q32) if appeal else 0,
        "appeal_cost_q16": round(appeal.cost * Q16) if appeal else 0,
        "appeal_far_q16": round(appeal.far * Q16) if appeal else 0,
        "appeal_distance_q16": round(appeal.distance * Q16) if appeal else 0,
    }


def _insider_terms(
    insiders: Insiders | None, score: Score | None, reflection_weeks: int
) -> dict[str, int]:
    if insiders is None:
        return dict.fromkeys(
            ("insider_q32", "insider_points", "insider_strike_q32", "insider_caught_q32",
             "insider_below"), 0,
        )  # fmt: skip
    points = 0 if score is None else _tenths(insiders.points)
    return {
        "insider_q32": _weekly_q32(insiders.rate * reflection_weeks) if points else 0,
        "insider_points": points,
        "insider_strike_q32": _weekly_q32(insiders.strikes),
        "insider_caught_q32": round(insiders.caught * Q32),
        "insider_below": round(insiders.dishonest * 256),
    }


def _joining_terms(joining: Joining | None) -> dict[str, int]:
    if joining is None:
        return {
            "is_voluntary": 0, "aware_q16": 0, "join_reward": 0, "join_fear_q8": 0,
            "leave_below": NEVER,
        }  # fmt: skip
    below = joining.leave_below
    return {
        "is_voluntary": 1,
        "aware_q16": round(joining.awareness * Q16),
        "join_reward": round(joining.reward),
        "join_fear_q8": round(joining.fear * 256),
        "leave_below": NEVER if below is None else _tenths(below),
    }


def compile_scheme(
    scheme: Scheme,
    society: Society,
    known: Sequence[Behaviour],
    without: Sequence[str] = (),
    day: date = LATEST,
) -> CompiledScheme:
    """Compile a scheme for a society and its catalogue of behaviours, as it is on a day.

    Parameters
    ----------
    scheme, society : Scheme, Society
        The declarations.
    known : sequence of Behaviour
        The catalogue, in its order.
    without : sequence of str
        Mechanisms left out.
    day : date
        The day for which dated numbers are taken; by default they are at their last.
    """
    treatments = _treatments(scheme, without)
    lists = _lists(scheme, without)
    lists[1:, DENIES] = (treatments[TIERS:] == DENY).any(axis=1)
    visibility, hides = platform_tables(scheme.platforms, day, without)
    rules = Rules(
        rules=_rules(scheme, known, day, without),
        lists=lists,
        treatments=treatments,
        treated=(treatments != NOTHING) @ (1 << np.arange(SERVICES)),
        deny_until=_deny_until(treatments, _tier_limits(scheme, without)),
        visibility=visibility,
        hides=hides,
    )
    false_matches = _false_matches(scheme, known, day, without)
    return CompiledScheme(rules, _terms(scheme, society, known, rules, day, without), false_matches)


def changing_days(scheme: Scheme) -> Iterator[date]:
    """Yield the days on which a number of a scheme changes."""
    for watching in scheme.channels.values():
        yield from steps_of(watching.urban)
        yield from steps_of(watching.rural)
    for rule in scheme.rules:
        yield from (day for day in (rule.since, rule.until) if day is not None)
    for platform in scheme.platforms.values():
        yield platform.complies_from
        if platform.shut_from is not None:
            yield platform.shut_from
    if scheme.cash_ends is not None:
        yield scheme.cash_ends
