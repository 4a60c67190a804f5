"""The score: the finding on where it started and ended, for each scheme that keeps one.

Citizens under different schemes have different scores, and who stays out of a voluntary scheme
stands at its start: neither goes into one mean.
"""

from __future__ import annotations

from glasstown.lab.tallies import Tallies, Tenure
from glasstown.lab.wording import Finding, counted, decimal, joined, noun, percent, was


def score(tallies: Tallies) -> Finding:
    """Say where the mean score started and ended, and how many are publicly low."""
    scored = [one for one in tallies.at_end if one.has_score and one.last("adults")]
    if not scored:
        is_one = not tallies.is_mixed
        words = "This scheme keeps no score." if is_one else "No scheme kept a score at the end."
        return Finding(words, "score_sum", 0.0)
    told = [_mean_score(tallies, one) for one in scored]
    return Finding(f"{'. '.join(words for words, _ in told)}.", "score_sum", told[0][1])


def taking_part(held: Tenure) -> float:
    """Return how many adults took part in a score at its end."""
    return held.last("enrolled" if held.is_voluntary else "adults")


def where_held(tallies: Tallies, held: Tenure) -> str:
    """Return the regions that a scheme held in at the end, in a few words."""
    under = tallies.course.regions_under(tallies.regions["region"].to_list(), tallies.weeks)
    names = under.get(held.label, [])
    return joined(names) if 0 < len(names) <= 2 else noun(len(names), "region")


def _mean_score(tallies: Tallies, held: Tenure) -> tuple[str, float]:
    """Return what to say of one scheme's score, and its mean."""
    members, start = taking_part(held), held.start
    who = "members" if held.is_voluntary else "everybody"
    under = f"under {held.label} ({where_held(tallies, held)}) " if tallies.is_mixed else ""
    words = f"{under}{who} started with {start:g} points; "
    words = words[0].upper() + words[1:]
    if members == 0:
        return f"{words}at the end nobody took part", start
    # Who stays out stands at the start, exactly.
    mean = start + (held.last("score_sum") - start * held.last("adults")) / members
    whose = f"the {noun(members, 'member')}" if held.is_voluntary else "adults"
    words += f"at the end the mean score of {whose} was {decimal(mean)}"
    if held.scheme.get("low_tier"):
        low = held.last("low")
        words += f", and {counted(low)} ({percent(low / members)}) {was(low)} publicly low"
    return words, mean
