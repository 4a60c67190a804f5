"""The safeguards, each a change of a scheme written as a scheme's file would write it.

Keys merge, lists replace, None removes: the language of `from:` and changes
(`glasstown.scheme.loading`). A safeguard that finds nothing to change does not apply.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from glasstown.errors import InputError, nearest_word
from glasstown.lab.assessment.domains import domain_of_service
from glasstown.lab.scenario import Scenario
from glasstown.scheme.declaration import Scheme
from glasstown.scheme.loading import changed, load_scheme
from glasstown.society.catalogue import behaviours
from glasstown.wording import listed

Changes = dict[str, Any]
TERM_WEEKS, TERM_WEEKS_UNABLE, GRACE_WEEKS, HALF_LIFE_WEEKS, APPEAL_WEEKS = 26, 4, 8, 26, 4
REPAIR_WEEKS, FEWER_MISTAKES = 8, 0.1
SET = {"source": "a safeguard; its size is ours, to be swept", "confidence": "assumed"}


class Safeguard(NamedTuple):
    """A change that makes a scheme milder or surer: its name, what it does, where it is from."""

    name: str
    meaning: str
    origin: str
    of: Callable[[Scheme], Changes]


def _black(scheme: Scheme, change: Callable[[Any], Changes]) -> Changes:
    """Change every black list; nothing where nothing moves."""
    lists, is_moved = [], False
    for one in scheme.lists:
        row = one.model_dump(exclude_none=True)
        moved = change(one) if one.colour == "black" else {}
        is_moved |= bool(moved)
        lists.append({**row, **moved, **(SET if moved else {})})
    return {"lists": lists} if is_moved else {}


def term_limits(scheme: Scheme) -> Changes:
    """Limit the terms of black lists."""

    def change(one: Any) -> Changes:
        found: Changes = {}
        if one.term_weeks is None or one.term_weeks > TERM_WEEKS:
            found["term_weeks"] = TERM_WEEKS
        unable = one.term_weeks_unable or one.term_weeks
        if unable is None or unable > TERM_WEEKS_UNABLE:
            found["term_weeks_unable"] = TERM_WEEKS_UNABLE
        return found

    return _black(scheme, change)


def notice(scheme: Scheme) -> Changes:
    """Give notice before an entry."""
    return _black(
        scheme, lambda one: {"grace_weeks": GRACE_WEEKS} if one.grace_weeks < GRACE_WEEKS else {}
    )


def ability_test(scheme: Scheme) -> Changes:
    """Tell who is unable from who is unwilling."""
    unable = {one.name for one in behaviours() if one.inability}

    def change(one: Any) -> Changes:
        known = one.ability_test.recognises_unable if one.ability_test else 0.0
        if known >= 0.9 or not unable & {name for name, p in one.behaviours.items() if p > 0}:
            return {}
        return {"ability_test": {"recognises_unable": 0.9, "takes_for_unable": 0.1, **SET}}

    return _black(scheme, change)


def fast_appeal(scheme: Scheme) -> Changes:
    """Tell everybody, and decide appeals soon and well."""
    now = scheme.appeal
    if now is not None and now.delay_weeks <= APPEAL_WEEKS and now.success_when_wrong >= 0.8:
        return {}
    if not any(one.colour == "black" for one in scheme.lists) and scheme.score is None:
        return {}
    return {
        "appeal": {
            "rate": 0.5, "notice": 1.0, "cost": 0.0, "distance": 0.0, "far": 0.0,
            "delay_weeks": APPEAL_WEEKS, "success_when_wrong": 0.8,
            "success_when_right": 0.0 if now is None else min(now.success_when_right, 0.05),
            "correction": 0.1, **SET,
        }
    }  # fmt: skip


def repair(scheme: Scheme) -> Changes:
    """Let people repair their standing soon."""
    now = scheme.repair
    if now is not None and now.after_weeks <= REPAIR_WEEKS and now.rate >= 1:
        return {}
    if not any(one.colour == "black" for one in scheme.lists):
        return {}
    points = now.points if now is not None else 0.0
    return {"repair": {"after_weeks": REPAIR_WEEKS, "rate": 1.0, "points": points, **SET}}


def no_contagion(scheme: Scheme) -> Changes:
    """Hold nothing against anybody for others."""
    found: Changes = {}
    if scheme.friends is not None and scheme.friends.points < 0:
        found["friends"] = None
    if scheme.household is not None and (scheme.household.points < 0 or scheme.household.denies):
        found["household"] = None
    if scheme.firms is not None and scheme.firms.contagion is not None:
        found["firms"] = {"contagion": None}
    return found


def related_only(scheme: Scheme) -> Changes:
    """Treat people only in the part of life in which the data arose.

    A list keeps a sanction if something that enters it arose in the same domain. A score mixes all
    parts of life, so that nothing done by tier, or by a list that a score enters, is related; nor
    is what is refused to a household or an owner for somebody else.
    """
    domain, arose = domain_of_service(), {one.name: one.domain for one in behaviours()}
    related = {
        one.name: set() if one.score_below is not None else {
            arose[name] for name, chance in one.behaviours.items() if chance > 0 and name in arose
        }
        for one in scheme.lists
    }  # fmt: skip
    kept = [
        one.model_dump(exclude_none=True)
        for one in scheme.sanctions
        if one.list is not None and domain[one.service] in related[one.list]
    ]
    found: Changes = {"sanctions": kept} if len(kept) < len(scheme.sanctions) else {}
    if scheme.household is not None and scheme.household.denies:
        found["household"] = {"denies": [], **SET}
    contagion = scheme.firms.contagion if scheme.firms is not None else None
    if contagion is not None and contagion.owner_denies:
        found["firms"] = {"contagion": {"owner_denies": [], **SET}}
    return found


def free_speech(scheme: Scheme) -> Changes:
    """Score nothing that is said, and hide nothing."""
    said = {one.name for one in behaviours() if one.kind == "speech"}
    found: Changes = {}
    if scheme.speech is not None:
        found["speech"] = None
    kept = [one for one in scheme.rules if one.behaviour not in said]
    if len(kept) < len(scheme.rules):
        found["rules"] = [one.model_dump(exclude_none=True) for one in kept]
    if any(one.hides_criticism or one.hides_mobilisation for one in scheme.platforms.values()):
        found["platforms"] = {
            name: {"hides_criticism": 0.0, "hides_mobilisation": 0.0} for name in scheme.platforms
        }
    return found


def no_shaming(scheme: Scheme) -> Changes:
    """Show nobody on public screens."""
    found = _black(scheme, lambda one: {"shaming": 0.0} if one.shaming > 0 else {})
    if scheme.shaming is not None:
        found["shaming"] = None
    return found


def fading(scheme: Scheme) -> Changes:
    """Let points fade soon."""
    now = scheme.expiry
    if scheme.score is None or (now is not None and now.half_life_weeks <= HALF_LIFE_WEEKS):
        return {}
    return {"expiry": {"half_life_weeks": float(HALF_LIFE_WEEKS), **SET}}


def checked_records(scheme: Scheme) -> Changes:
    """Let a person check who did it before it is booked."""
    found = {
        name: {"misidentification": round(one.misidentification * FEWER_MISTAKES, 6),
               "false_match": round(one.false_match * FEWER_MISTAKES, 8), **SET}
        for name, one in scheme.channels.items()
        if one.misidentification > 0 or one.false_match > 0
    }  # fmt: skip
    return {"channels": found} if found else {}


def opt_in(scheme: Scheme) -> Changes:
    """Let everybody stay out of the score, and leave it."""
    if scheme.score is None or scheme.participation == "voluntary":
        return {}
    pattern = load_scheme("rongcheng-2021").joining
    assert pattern is not None
    joining = {**pattern.model_dump(exclude_none=True), "leave_below": scheme.score.start, **SET}
    return {"participation": "voluntary", "joining": joining}


SAFEGUARDS: tuple[Safeguard, ...] = (
    Safeguard("term_limits", f"Black listings end after {TERM_WEEKS} weeks, those for inability "
              f"after {TERM_WEEKS_UNABLE}.", "FACTS 1.8: shortest publication 3 months to a year",
              term_limits),
    Safeguard("notice", f"A notice goes {GRACE_WEEKS} weeks before an entry.",
              "FACTS 1.2: 1 to 3 months since 2020", notice),
    Safeguard("ability_test", "Nine in ten who are unable are told from the unwilling.",
              "FACTS 1.2, 2.7: inability listed as dishonesty, conceded 2024", ability_test),
    Safeguard("fast_appeal", f"All are told; appeals are decided within {APPEAL_WEEKS} weeks, "
              "right in 80 % of wrongful cases, at no cost.", "FACTS 5: oversight and remedy",
              fast_appeal),
    Safeguard("repair", f"Standing can be repaired after {REPAIR_WEEKS} weeks.", "FACTS 1.8",
              repair),
    Safeguard("no_contagion", "Nothing is held against anybody for friends, household or firm.",
              "FACTS 5: guilt by association", no_contagion),
    Safeguard("related_only", "Only treatment in the part of life in which the data arose.",
              "Regulation (EU) 2024/1689, Article 5(1)(c)(i)", related_only),
    Safeguard("free_speech", "Nothing that is said is scored or hidden.", "FACTS 5: chilled rights",
              free_speech),
    Safeguard("no_shaming", "Nobody is shown on public screens.", "FACTS 0, 2.7", no_shaming),
    Safeguard("fading", f"Points fade with a half-life of {HALF_LIFE_WEEKS} weeks.", "FACTS 1.8",
              fading),
    Safeguard("checked_records", "A person checks who did it: a tenth of the mistakes is left.",
              "FACTS 2.7, 2.8", checked_records),
    Safeguard("opt_in", "Everybody may stay out of the score, and leave it.", "FACTS 1.1, 2.6",
              opt_in),
)  # fmt: skip
NAMES = tuple(one.name for one in SAFEGUARDS)


def applicable(scenario: Scenario, only: Sequence[str] | None = None) -> tuple[Safeguard, ...]:
    """Return the safeguards that change something in a scenario's schemes.

    Raises
    ------
    InputError
        If there is no safeguard of a name in ``only``.
    """
    for name in only or ():
        if name not in NAMES:
            near = nearest_word(name, NAMES)
            hint = f" Did you mean '{near}'?" if near else ""
            raise InputError(
                f"only: there is no safeguard '{name}'; there are: {listed(NAMES)}.{hint}"
            )
    wanted = [one for one in SAFEGUARDS if not only or one.name in only]
    return tuple(one for one in wanted if any(one.of(scheme) for scheme in _schemes(scenario)))


def _schemes(scenario: Scenario) -> list[Scheme]:
    return [scenario.scheme, *(one.scheme for one in scenario.rollout if one.scheme is not None)]


def changes_of(scheme: Scheme, chosen: Sequence[Safeguard]) -> Changes:
    """Return all changes of some safeguards to a scheme, as a file would write them."""
    whole: Changes = {}
    for one in chosen:
        more = one.of(scheme)
        if more:
            whole = _together(whole, more)
            scheme = load_scheme(changed(scheme.model_dump(), more))
    return whole


def _together(first: Changes, second: Changes) -> Changes:
    """Merge changes; what removes stays."""
    whole = dict(first)
    for key, value in second.items():
        known = whole.get(key)
        both = isinstance(value, dict) and isinstance(known, dict)
        whole[key] = _together(known, value) if both else value  # type: ignore[arg-type]
    return whole


def guarded(scenario: Scenario, chosen: Sequence[Safeguard]) -> Scenario:
    """Return a scenario whose every scheme has some safeguards.

    Raises
    ------
    DeclarationError
        If they don't go together in one of its schemes.
    """

    def with_them(scheme: Scheme) -> Scheme:
        changes = changes_of(scheme, chosen)
        if not changes:
            return scheme
        return load_scheme(changed(scheme.model_dump(), changes))

    phases = [
        one if one.scheme is None else one.model_copy(update={"scheme": with_them(one.scheme)})
        for one in scenario.rollout
    ]
    return scenario.model_copy(update={"scheme": with_them(scenario.scheme), "rollout": phases})
