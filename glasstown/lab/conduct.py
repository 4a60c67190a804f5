"""What people said and did: the findings on speech, caution and honesty.

Opinions and caution are states of the model, which no real survey could read; what they are
compared with is the same society in another period of the same run.
"""

from __future__ import annotations

from glasstown.lab.tallies import WEEKS_PER_YEAR, Tallies
from glasstown.lab.wording import Finding, counted, decimal, noun, percent


def speech(tallies: Tallies) -> Finding:
    """Say what people thought privately and what they voiced, early and late."""
    opposed, critical = tallies.share("opposed"), tallies.share("critical")
    periods = tallies.first_and_last()
    if periods is None:
        sentence = (
            f"At the end {percent(opposed)} of adults were privately opposed to the government "
            f"and {percent(critical)} voiced criticism"
        )
    else:
        first, last = periods
        sentence = (
            f"Privately opposed to the government were {percent(tallies.during(first, 'opposed'))} "
            f"of adults {first.words} and {percent(tallies.during(last, 'opposed'))} {last.words}; "
            f"criticism was voiced by {percent(tallies.during(first, 'critical'))} and then "
            f"{percent(tallies.during(last, 'critical'))}"
        )
    if tallies.last("opposed"):
        sentence += (
            f"; of the opposed, {percent(tallies.share('silenced', 'opposed'))} said nothing at "
            f"the end and {percent(tallies.share('falsifying', 'opposed'))} voiced praise"
        )
    return Finding(f"{sentence}.", "critical", critical)


def caution(tallies: Tallies) -> Finding:
    """Say how many are cautious and pay cash at the end, and how many ties were cut."""
    cut, mended = tallies.total("ties_cut"), tallies.total("ties_mended")
    cautious = tallies.share("cautious")
    ties = "no tie had been cut"
    if cut:
        ties = f"{noun(cut, 'tie')} had been cut and {counted(mended)} mended"
    return Finding(
        f"At the end {percent(cautious)} of adults were cautious (above one half of the scale), "
        f"{percent(tallies.share('paying_cash'))} paid cash where they could pay digitally, and "
        f"{ties}.",
        "cautious",
        cautious,
    )


def honesty(tallies: Tallies) -> Finding:
    """Say how many offences were committed per adult and year, early and late."""
    periods = tallies.first_and_last()
    if periods is None:
        whole = (
            tallies.total("offences_citizens") / max(tallies.total("adults"), 1) * WEEKS_PER_YEAR
        )
        return Finding(
            f"Offences of citizens, seen or not: {decimal(whole)} per adult and year over the "
            f"{noun(tallies.weeks, 'week')} of the run.",
            "offences",
            whole,
        )
    before, after = (tallies.during(one, "offences_citizens") * WEEKS_PER_YEAR for one in periods)
    sentence = (
        f"Offences of citizens, seen or not: {decimal(before)} per adult and year "
        f"{periods[0].words}, {decimal(after)} {periods[1].words}"
    )
    if before:
        change = after / before - 1
        word = "more" if change > 0 else "fewer"
        sentence += f" ({percent(abs(change))} {word})" if change else " (no change)"
    return Finding(f"{sentence}.", "offences", after)


def hidden(tallies: Tallies) -> Finding | None:
    """Say how many posts platforms hid from ties online."""
    posts, unheard = tallies.total("posts"), tallies.total("posts_hidden")
    hides = any(bool(one.scheme.get("platforms")) for one in tallies.tenures)
    if unheard == 0 or not hides or "censorship" in tallies.course.without:
        return None
    return Finding(
        f"Of {noun(posts, 'post')} of praise, criticism or mobilisation, {counted(unheard)} "
        f"({percent(unheard / posts)}) reached no tie online: a platform hid them.",
        "posts_hidden",
        unheard,
    )
