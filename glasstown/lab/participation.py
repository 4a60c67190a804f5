"""Who takes part: the findings on phases, on joining and leaving, on gatherings and on rewards."""

from __future__ import annotations

from glasstown.engine.measures import SERVICES
from glasstown.lab.phases import MOST_NAMED, phase_words
from glasstown.lab.tallies import Tallies
from glasstown.lab.wording import SERVICE_WORDS, Finding, counted, joined, largest, noun, percent


def rollout(tallies: Tallies) -> Finding | None:
    """Say which schemes came into force where and when, and what beginning anew did to scores."""
    course = tallies.course
    if not course.is_staged:
        return None
    begun = [one for one in course.stages if one.week <= tallies.weeks]
    if not begun:
        words = "No phase of the rollout had begun by the end: no scheme was in force"
        return Finding(f"{words}.", "points_won_rollout", 0.0)
    named = "; ".join(phase_words(one) for one in begun)
    sentence = f"Schemes came into force in phases: {named}"
    later = len(course.stages) - len(begun)
    if later:
        sentence += f"; {noun(later, 'later phase')} had not begun by the end"
    moved = tallies.total("points_won_rollout") + tallies.total("points_lost_rollout")
    if moved:
        sentence += (
            "; where another scheme began, scores began anew or ended, which moved "
            f"{counted(moved)} points"
        )
    return Finding(f"{sentence}.", "points_won_rollout", tallies.total("points_won_rollout"))


def joining(tallies: Tallies) -> Finding | None:
    """Say how many take part in a voluntary scheme, joined it and left it."""
    open_ = [one for one in tallies.tenures if one.is_voluntary]
    if not open_:
        return None
    joined_, left = tallies.total("joined_scheme"), tallies.total("left_scheme")
    flows = f"in the whole run adults joined {noun(joined_, 'time')} and left {noun(left, 'time')}"
    at_end = [one for one in tallies.at_end if one.is_voluntary]
    if not at_end:
        sentence = f"While a voluntary scheme was in force, {flows}."
        return Finding(sentence, "enrolled", 0.0)
    members = sum(one.last("enrolled") for one in at_end)
    adults = sum(one.last("adults") for one in at_end)
    there = " there" if tallies.is_mixed else ""
    share = percent(members / adults) if adults else "0%"
    return Finding(
        f"Taking part was voluntary: at the end {counted(members)} of {noun(adults, 'adult')}"
        f"{there} ({share}) did; {flows}.",
        "enrolled",
        members,
    )


def gatherings(tallies: Tallies) -> Finding | None:
    """Say how many adults joined a gathering in each week in which one might form."""
    found = gathered(tallies)
    if not found:
        return None
    most = max(number for _, number in found)
    value = float(most)
    if len(found) <= MOST_NAMED:
        said = joined([f"{_joiners(tallies, n)} in week {week} ({tallies.day_of(week)})"
                       for week, n in found])  # fmt: skip
        return Finding(f"When a gathering might form, it was joined by {said}.", "gathered", value)
    least = min(number for _, number in found)
    ends = []
    for number in (most, least):
        week = next(week for week, n in found if n == number)
        ends.append(f"{_joiners(tallies, number)} (week {week}, {tallies.day_of(week)})")
    return Finding(
        f"In {len(found)} weeks a gathering might form; the largest was joined by {ends[0]}, the "
        f"smallest by {ends[1]}.",
        "gathered",
        value,
    )


def gathered(tallies: Tallies) -> list[tuple[int, float]]:
    """Return the weeks in which a gathering might form, and how many joined it."""
    rows = tallies.country["gathered"]
    return [(week, float(rows[week - 1])) for week in tallies.course.sparks if week <= len(rows)]


def _joiners(tallies: Tallies, number: float) -> str:
    share = number / tallies.last("adults") if tallies.last("adults") else 0.0
    return f"{noun(number, 'adult')} ({percent(share)})" if number else "nobody"


def rewards(tallies: Tallies) -> Finding | None:
    """Say how many requests were served first, and how long hospitals let each class wait."""
    first, delayed = tallies.total("favoured"), tallies.total("hospital_requests_delayed")
    if first + delayed == 0:
        return None
    top, amount = largest((one, tallies.total(f"favoured_{one}")) for one in SERVICES)
    parts = []
    if first:
        words = joined([SERVICE_WORDS[one] for one in top])
        each = " each" if len(top) > 1 else ""
        parts.append(
            f"{noun(first, 'request')} went first as a reward, most of all for {words} "
            f"({percent(amount / first)}{each})"
        )
    if delayed:
        parts.append(f"{noun(delayed, 'request')} to hospitals had to wait as a sanction")
    waits = [
        f"{counted(tallies.last(f'hospital_wait_{one}'))} minutes for {who}"
        for one, who, stock in (
            ("favoured", "those served first", "hospital_first"),
            ("normal", "all others", ""),
            ("delayed", "those served last", "hospital_last"),
        )
        if not stock or tallies.last(stock)
    ]
    if len(waits) > 1:
        parts.append(f"at the end the expected wait there was {joined(waits)}")
    return Finding(f"{'; '.join(parts)}.", "favoured", first)
