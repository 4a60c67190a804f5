"""Telling: what a life was, in sentences, the gravest first, and its sums beside another's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from glasstown.lab.trace.life import Life, Who
from glasstown.lab.trace.standing import Standing
from glasstown.lab.wording import CAUSE_WORDS, SERVICE_WORDS, joined, noun


class Row(NamedTuple):
    """One sum of a life, and of the lives beside it."""

    what: str
    values: tuple[float | str, ...]


def sums(life: Life) -> dict[str, float | str]:
    """Return the sums of a life."""
    deeds = [one for one in life.events() if one.facts.get("outcome") and one.step == "act"]
    ends = [week.after for week in life.weeks]
    moved = [round(10 * one.points) for one in life.events() if one.points]
    denied = life.events("denied")
    return {
        "deeds of note": len(deeds),
        "of these seen": sum(one.facts["outcome"] != "unseen" for one in deeds),
        "of these booked": sum(one.facts["outcome"] == "booked" for one in deeds),
        "wrongly booked": len(life.events("mistake")),
        "points won, fading back included": sum(one for one in moved if one > 0) / 10,
        "points lost, fading included": -sum(one for one in moved if one < 0) / 10,
        "score at the end": "none" if life.end.score is None else life.end.score,
        "weeks publicly low": sum(one.is_low for one in ends),
        "weeks on a black list": sum(one.list_colour == "black" for one in ends),
        "weeks shut out of a service": sum(one.excluded_for is not None for one in ends),
        "requests refused": sum(int(one.facts["requests"]) for one in denied),
        "appeals": sum(
            one.facts.get("outcome") in ("won", "lost") for one in life.events("remedy")
        ),
        "weeks silent or praising while opposed": sum(hides(one) for one in ends),
        "caution at the end (0 to 100)": round(100 * life.end.caution),
        "weeks paying cash": sum(one.pays_cash for one in ends),
        "ties cut": sum(one.facts.get("way") == "cuts" for one in life.events("tie")),
        "ties at the end": life.end.ties["living"],
    }


def hides(standing: Standing) -> bool:
    """Return whether an opposed citizen does not say so."""
    return standing.is_opposed and standing.stance != "criticism"


def beside_rows(lives: Sequence[Life]) -> list[Row]:
    """Return the sums of lives beside each other."""
    columns = [sums(one) for one in lives]
    return [Row(name, tuple(one[name] for one in columns)) for name in columns[0]]


def sentences(who: Who, life: Life) -> list[str]:
    """Say what a life was in plain sentences."""
    if not who.is_adult:
        return _childhood(who, life)
    told = [_lists(life), _shut_out(life), _remedies(life), _score(life), _watched(life),
            _voice(life), _ties(life), _firm(who, life)]  # fmt: skip
    return [one for one in told if one]


def _childhood(who: Who, life: Life) -> list[str]:
    """Say what reaches a child."""
    refused = sum(int(one.facts["requests"]) for one in life.events("denied"))
    school = (
        f"{noun(refused, 'request')} for a school place {'was' if refused == 1 else 'were'} "
        "refused, because a member of the household was listed."
        if refused
        else "No school place was refused."
    )
    return [
        f"This citizen is a child ({who.age_band}): children are neither scored nor listed, and "
        "do nothing of note here.",
        school,
    ]


def _score(life: Life) -> str:
    if life.end.score is None:
        return "The scheme keeps no score here at the end."
    if not life.end.is_member:
        return "The citizen stays out of the score."
    start = "" if life.start.score is None else f"from {life.start.score:.1f} "
    causes = sorted(life.points_by_cause().items(), key=lambda row: -abs(row[1]))
    parts = joined([f"{value:+.1f} for {name}" for name, value in causes])
    low = sum(week.after.is_low for week in life.weeks)
    said = f"The score went {start}to {life.end.score:.1f}: {parts}."
    if not parts:
        said = f"The score stayed at {life.end.score:.1f}."
    return said + (f" It was publicly low for {noun(low, 'week')}." if low else "")


def _lists(life: Life) -> str:
    entries = [one for one in life.events("list") if one.facts.get("way") == "entered"
               and one.facts.get("cause")]  # fmt: skip
    weeks = sum(week.after.list_colour == "black" for week in life.weeks)
    if not entries and not weeks:
        return ""
    causes = joined(sorted({CAUSE_WORDS[str(one.facts["cause"])] for one in entries}))
    why = f", for {causes}" if causes else ""
    return f"On a black list for {noun(weeks, 'week')} ({_times(len(entries))} entered{why})."


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _shut_out(life: Life) -> str:
    denied = life.events("denied")
    weeks = sum(week.after.excluded_for is not None for week in life.weeks)
    if not weeks and not denied:
        return "Never shut out of a service."
    asked: dict[str, int] = {}
    for one in denied:
        service = SERVICE_WORDS[str(one.facts["service"])]
        asked[service] = asked.get(service, 0) + int(one.facts["requests"])
    refused = joined([f"{count} for {name}" for name, count in asked.items()])
    tail = f"; requests refused: {refused}" if refused else "; nothing was asked for in that time"
    return f"Shut out of a service for {noun(weeks, 'week')}{tail}."


def _watched(life: Life) -> str:
    numbers, mistakes = sums(life), life.events("mistake")
    said = (
        f"Did {noun(float(numbers['deeds of note']), 'thing')} of note; "
        f"{numbers['of these seen']} seen, {numbers['of these booked']} booked"
    )
    wrong = sum(one.points or 0 for one in mistakes)
    if mistakes:
        said += f", and {noun(len(mistakes), 'record')} booked by mistake ({wrong:+.1f} points)"
    return f"{said}."


def _remedies(life: Life) -> str:
    outcomes = [one.facts.get("outcome") for one in life.events("remedy")]
    words = {"won": "won", "lost": "lost", "not told": "not possible: never told",
             "not made": "not made"}  # fmt: skip
    parts = [f"{outcomes.count(key)} {word}" for key, word in words.items() if key in outcomes]
    return f"Appeals: {', '.join(parts)}." if parts else ""


def _voice(life: Life) -> str:
    end, weeks = life.end, [week.after for week in life.weeks]
    thinks = "opposed to the government" if end.is_opposed else "in favour of the government"
    said = {"praise": "voiced praise", "criticism": "voiced criticism", "silence": "was silent"}
    parts = [
        f"{word} for {noun(count, 'week')}"
        for stance, word in said.items()
        if (count := sum(one.stance == stance for one in weeks))
    ]
    tail = " " + _hidden(weeks) if end.is_opposed else ""
    return f"Privately {thinks}; {joined(parts)}.{tail}".rstrip() if parts else ""


def _hidden(weeks: Sequence[Standing]) -> str:
    count = sum(hides(one) for one in weeks)
    return f"For {noun(count, 'week')} that opposition was not voiced." if count else ""


def _ties(life: Life) -> str:
    end = life.end.ties
    known = [f"{end[name]} {name}" for name in ("low", "listed", "shown") if end[name]]
    cut = f", {noun(end['cut'], 'tie')} cut" if end["cut"] else ""
    return f"{noun(end['living'], 'tie')} at the end{cut}; of these ends " + (
        f"{joined(known)}." if known else "nobody is low, listed or shown."
    )


def _firm(who: Who, life: Life) -> str:
    if not who.firms:
        return ""
    deeds = [one for one in life.events("firm") if one.step == "act"]
    booked = sum(one.facts.get("outcome") == "booked" for one in deeds)
    black = sum(any(one["list"] == "black" for one in week.after.firms) for week in life.weeks)
    return (
        f"Owns {noun(len(who.firms), 'firm')} ({joined(who.firms)}): {noun(len(deeds), 'deed')} "
        f"of note, {booked} booked; on the firms' black list for {noun(black, 'week')}."
    )
