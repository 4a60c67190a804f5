"""The narrator: what was noted in a week, as events that a reader understands.

Every event says what happened in a sentence, how many points it moved, and which line of the
scheme, with which source, it comes from. The points of a week's events add up to the change of
the score.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from glasstown.lab.trace.conduct import FIRM_COUNTS, ConductTeller
from glasstown.lab.trace.deeds import DeedTeller
from glasstown.lab.trace.events import Event
from glasstown.lab.trace.noting import Note
from glasstown.lab.trace.rulebook import Rulebook
from glasstown.lab.trace.standing import Standing
from glasstown.lab.trace.treatment import TreatmentTeller


class Narrator(DeedTeller, TreatmentTeller, ConductTeller):
    """Turns a week's notes on one citizen into events.

    Parameters
    ----------
    citizen : int
        The index (lane in the country) of the citizen.
    behaviours : sequence of Behaviour
        The society's catalogue.
    """

    def tell(
        self, notes: Sequence[Note], book: Rulebook, before: Standing, waits: Sequence[int]
    ) -> list[Event]:
        """Return the events of a week.

        ``before`` is how the citizen stood before it, ``waits`` the zone's expected hospital
        waits (minutes) of those served first, normally and last.
        """
        self._events, self._deed, self._book = [], None, book
        self._before, self._waits = before, waits
        self._listings = (before.listing, before.listing)
        self._around, self._trigger, self._why = {}, "", ""
        for note in notes:
            if note.citizen == self._citizen:
                self._hear(note)
        return self._events

    def _hear(self, note: Note) -> None:
        """Hear one note: by its own name, or by the family of measures it belongs to."""
        known: dict[str, Callable[[str, dict[str, int]], None]] = {
            "does": self._does, "looked": self._looked, "recorded": self._recorded,
            "handed_on": self._handed_on, "received": self._received, "record": self._booked,
            "firm record": self._firm_booked, "triggers": self._triggers, "below": self._below,
            "still below": self._below, "above": self._above, "lists": self._lists,
            "denied": self._denied, "hospital_requests_delayed": self._waits_longer,
            "told": self._told, "objects": self._appeals, "decided": self._decided,
            "around": self._look_around, "feels": self._feels, "stance": self._stance,
            "becomes": self._becomes, "cuts": self._cuts, "mends": self._cuts,
            "caution": self._caution, "shamings": self._shown, "renewals": self._renewed,
            "joined_scheme": self._member, "left_scheme": self._member, "joins": self._gathers,
            "insiders_caught": self._caught, "notices": self._noticed,
        }  # fmt: skip
        families = {"points_": self._points, "entries_": self._entered, "exits_": self._left,
                    "spared_": self._spared, "favoured_": self._favoured}  # fmt: skip
        if note.what in known:
            known[note.what](note.what, note.numbers)
        elif note.what in FIRM_COUNTS:
            self._firm(note.what, note.numbers)
        else:
            for beginning, hear in families.items():
                if note.what.startswith(beginning):
                    hear(note.what, note.numbers)
