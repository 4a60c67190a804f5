"""Treatment: lists, notices, denials, waits and remedies, as events."""

from __future__ import annotations

from typing import Any

from glasstown.engine.measures import CAUSES, SERVICES
from glasstown.lab.trace.events import Event, Teller, words_of
from glasstown.lab.wording import CAUSE_WORDS, EXIT_WORDS, SERVICE_WORDS, noun
from glasstown.laws.sanction import list_of, notice_of


class TreatmentTeller(Teller):
    """Tells what the state did to the citizen, and what came of objecting."""

    # Lists and notices.

    def _triggers(self, _what: str, numbers: dict[str, int]) -> None:
        if numbers["draw"] < numbers["limit"]:
            name = words_of(self._behaviours[numbers["behaviour"]].name)
            self._trigger = f"for {name}"

    def _below(self, what: str, numbers: dict[str, int]) -> None:
        still = "still " if what == "still below" else ""
        score, limit = numbers["score"] / 10, numbers["limit"] / 10
        self._trigger = f"because the score, {score:.1f}, is {still}below {limit:.1f}"

    def _above(self, _what: str, numbers: dict[str, int]) -> None:
        score, limit = numbers["score"] / 10, numbers["limit"] / 10
        self._trigger = f"because the score, {score:.1f}, is above {limit:.1f}"

    def _lists(self, _what: str, numbers: dict[str, int]) -> None:
        self._listings = (numbers["before"], numbers["after"])

    def _list(self) -> int:
        """Return the list that is spoken of: the one held now, or the one just left."""
        before, after = self._listings
        return (after or before) & 3

    def _listing(self, sentence: str, **numbers: Any) -> Event:
        number = self._list()
        said = sentence.format(name=f"the {self._book.list_colour(number)} list "
                                    f"'{self._book.list_name(number)}'")  # fmt: skip
        return self._add("sanction", "list", said.strip(), self._book.of_list(number),
                         list=self._book.list_name(number), **numbers)  # fmt: skip

    def _entered(self, what: str, _numbers: dict[str, int]) -> None:
        cause = what.removeprefix("entries_")
        if cause == "red":
            self._listing(f"Entered on {{name}} {self._trigger}", way="entered")
            return
        was_noticed = notice_of(self._listings[0]) > 0
        why = "the time to appeal or perform is over" if was_noticed else self._trigger
        self._listing(
            f"Entered on {{name}} {why} (cause: {CAUSE_WORDS[cause]})", way="entered", cause=cause
        )
        self._why = "the listing"

    def _noticed(self, _what: str, _numbers: dict[str, int]) -> None:
        self._listing(f"Notice of an entry on {{name}} {self._trigger}", way="noticed")

    def _renewed(self, _what: str, _numbers: dict[str, int]) -> None:
        self._listing(f"The term on {{name}} starts again {self._trigger}", way="renewed")

    def _left(self, what: str, _numbers: dict[str, int]) -> None:
        way = what.removeprefix("exits_")
        still_red = self._listings[1] & 3 > 0
        ended = "a black list goes before it" if still_red else "its term or the score ended it"
        words = ended if way == "red" else EXIT_WORDS[way]
        self._listing(f"Left {{name}}: {words}", way=f"left by {way}")

    def _spared(self, what: str, _numbers: dict[str, int]) -> None:
        way = what.removeprefix("spared_")
        words = {
            "unable": "found unable to perform", "unwilling": "taken for unable to perform",
            "appeal": "the appeal was won", "performed": "performed in time",
            "rollout": "the list ended",
        }[way]  # fmt: skip
        said = "Not entered on a list" if way.startswith("un") else "Spared {name}"
        self._listing(f"{said}: {words}", way=f"spared by {way}")

    def _shown(self, _what: str, _numbers: dict[str, int]) -> None:
        self._add("sanction", "shown", "Shown on public screens", self._book.of_part("shaming"))
        self._why = "being shown on screens"

    # Services.

    def _denied(self, _what: str, numbers: dict[str, int]) -> None:
        if numbers["requests"] == 0:
            return
        service, cause = SERVICES[numbers["service"]], CAUSES[numbers["cause"]]
        line = self._book.of_treatment(
            service, "deny", self._before.tier, list_of(self._listings[1])
        )
        if cause in ("household", "firm"):
            line = self._book.of_part("household" if cause == "household" else "firms.contagion")
        asked = "" if numbers["requests"] == 1 else f" ({numbers['requests']} requests)"
        self._add(
            "serve", "denied",
            f"Denied {SERVICE_WORDS[service]}{asked}, for {CAUSE_WORDS[cause]}", line,
            service=service, requests=numbers["requests"], cause=cause,
        )  # fmt: skip

    def _favoured(self, what: str, numbers: dict[str, int]) -> None:
        service, count = what.removeprefix("favoured_"), numbers["amount"]
        line = self._book.of_treatment(
            service, "favour", self._before.tier, list_of(self._listings[1])
        )
        wait = f"; the expected wait is {noun(self._waits[0], 'minute')}" * (service == "hospital")
        self._add("serve", "favoured", f"Served first: {SERVICE_WORDS[service]}{wait}", line,
                  service=service, requests=count)  # fmt: skip

    def _waits_longer(self, _what: str, numbers: dict[str, int]) -> None:
        line = self._book.of_treatment(
            "hospital", "delay", self._before.tier, list_of(self._listings[1])
        )
        usual, last = self._waits[1], self._waits[2]
        self._add(
            "serve", "waits",
            f"Waits at the hospital, served last: {noun(last, 'minute')} are expected, "
            f"not {usual:,}", line,
            service="hospital", requests=numbers["amount"], minutes=last, usual_minutes=usual,
        )  # fmt: skip

    # Remedies.

    def _told(self, _what: str, numbers: dict[str, int]) -> None:
        if numbers["draw"] >= numbers["limit"]:
            self._add("remedy", "remedy", "Could appeal, but was never told of the listing",
                      self._book.of_part("appeal"), outcome="not told")  # fmt: skip

    def _appeals(self, _what: str, numbers: dict[str, int]) -> None:
        if numbers["draw"] >= numbers["limit"]:
            far = ": the court is far away" if numbers["is_far"] else ""
            self._add("remedy", "remedy", f"Could appeal, and does not{far}",
                      self._book.of_part("appeal"), outcome="not made")  # fmt: skip

    def _decided(self, _what: str, numbers: dict[str, int]) -> None:
        outcome = "won" if numbers["is_won"] else "lost"
        self._add("remedy", "remedy", f"Appeals, and the appeal is {outcome}",
                  self._book.of_part("appeal"), outcome=outcome)  # fmt: skip

    def _caught(self, _what: str, _numbers: dict[str, int]) -> None:
        self._add("remedy", "remedy", "An official's favour is found out, and comes to nothing",
                  self._book.of_part("insiders"))  # fmt: skip
