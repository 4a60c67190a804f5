"""Lists and what may keep somebody off them: the findings on entries, notices and remedies.

Entries, exits, notices and appeals are counted as such: one citizen may stand behind several.
"""

from __future__ import annotations

from typing import NamedTuple

from glasstown.engine.measures import EXITS
from glasstown.lab.tallies import Tallies
from glasstown.lab.wording import EXIT_WORDS, Finding, counted, joined, largest, noun, percent, was


def entries(tallies: Tallies) -> Finding | None:
    """Say how often black lists were entered, for what, and how they were left."""
    if not tallies.has_black_list:
        return None
    entered, exits = tallies.total("entries"), tallies.total("exits")
    if entered == 0:
        return Finding("Nobody was entered on a black list.", "entries", 0.0)
    wrongly = tallies.total("entries_wrongly")
    words = "none" if wrongly == 0 else f"{counted(wrongly)} ({percent(wrongly / entered)})"
    sentence = (
        f"Black lists were entered {noun(entered, 'time')} (listings, not people), {words} of them "
        "not for the citizen's own doing"
    )
    ways, amount = largest((exit_, tallies.total(f"exits_{exit_}")) for exit_ in EXITS)
    if exits == 0:
        left = "nobody had left by the end"
    else:
        way = joined([EXIT_WORDS[exit_] for exit_ in ways])
        each = " each" if len(ways) > 1 else ""
        left = (
            f"they were left {noun(exits, 'time')}, most often by {way} ({counted(amount)}{each})"
        )
    listed = tallies.last("listed")
    return Finding(
        f"{sentence}; {left}, and {noun(listed, 'adult')} {was(listed)} listed then.",
        "entries",
        entered,
    )


class Confusion(NamedTuple):
    """Who was unable or able to perform, by whether the test spared them an entry.

    Those not spared are counted when the entry is made, whichever list it is on; a notice that
    ended before that is in neither column.
    """

    unable_spared: float
    unable_entered: float
    able_spared: float
    able_entered: float


def confusion(tallies: Tallies) -> Confusion | None:
    """Return the outcomes of the test of ability; None where nobody was spared by one."""
    spared = tallies.total("spared_unable"), tallies.total("spared_unwilling")
    if not any(spared):
        return None
    entered = tallies.total("entries_inability"), tallies.total("entries_deeds")
    return Confusion(spared[0], entered[0], spared[1], entered[1])


def ability(tallies: Tallies) -> Finding | None:
    """Say in one sentence whom the test of ability spared, rightly and wrongly, and whom not."""
    found = confusion(tallies)
    if found is None:
        return None
    unable = found.unable_spared + found.unable_entered
    able = found.able_spared + found.able_entered
    return Finding(
        f"A test of ability spared {_spared(found.unable_spared, unable)} an entry for what could "
        f"not be helped, and {_spared(found.able_spared, able)} for own deeds; the others were "
        "entered, on a list with the test or without one.",
        "spared_unable",
        found.unable_spared,
    )


def _spared(spared: float, cases: float) -> str:
    return f"{counted(spared)} of {counted(cases)}" + (
        f" ({percent(spared / cases)})" if cases else ""
    )


def notices(tallies: Tallies) -> Finding | None:
    """Say how many notices went before entries, and what became of them."""
    given = tallies.total("notices")
    if given == 0:
        return None
    ways = {
        "ended because what was owed was performed in time": tallies.total("spared_performed"),
        "ended by appeal": tallies.total("spared_appeal"),
        "ended with the list": tallies.total("spared_rollout"),
        "were pending at the end": tallies.last("noticed"),
    }
    followed = given - sum(ways.values())
    parts = [f"{counted(number)} {way}" for way, number in ways.items() if number]
    entered = f"{counted(followed)} ({percent(followed / given)}) were followed by the entry"
    return Finding(
        f"Of {noun(given, 'notice')} that went before an entry, {joined([entered, *parts])}.",
        "notices",
        given,
    )


def appeals(tallies: Tallies) -> Finding | None:
    """Say how many appeals were decided and won, and how many listed were never told."""
    made, won = tallies.total("appeals"), tallies.total("appeals_won")
    untold = tallies.total("appeals_not_told")
    if made + untold == 0:
        return None
    words = "No appeal was decided"
    if made:
        words = f"{noun(made, 'appeal')} {was(made)} decided and {counted(won)} won "
        words += f"({percent(won / made)})"
    if untold:
        words += (
            f"; in {noun(untold, 'case')} nobody had told the listed of the listing when an "
            "appeal was due"
        )
    return Finding(f"{words}.", "appeals", made)


def insiders(tallies: Tallies) -> Finding | None:
    """Say what officials did for people they know, and how often they were found out."""
    points, struck = tallies.total("points_won_insiders"), tallies.total("exits_insiders")
    caught = tallies.total("insiders_caught")
    if points + struck + caught == 0:
        return None
    done = []
    if points:
        done.append(f"lifted the scores of people they know by {counted(points)} points in all")
    if struck:
        done.append(f"struck them off black lists {noun(struck, 'time')}")
    said = f"Officials {joined(done)}" if done else "No favour of an official came through"
    found = f"{noun(caught, 'such favour')} {was(caught)}" if caught else "no such favour was"
    return Finding(f"{said}; {found} found out.", "points_won_insiders", points)
