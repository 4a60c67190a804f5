"""Deeds: what was done, seen, booked and wrongly booked, and points that are no record."""

from __future__ import annotations

from glasstown.lab.trace.events import Teller, signed, words_of
from glasstown.lab.trace.rulebook import NOWHERE
from glasstown.society.compilation import CHANNELS

CHANNEL_WORDS = {
    "court": "a court", "agency": "an agency", "camera": "a camera", "payment": "payment data",
    "platform": "a platform", "neighbours": "neighbours", "inspection": "an inspection",
    "complaint": "a complaint",
}  # fmt: skip
POINTS_FOR = {
    "friends": ("friends", "Friends who are publicly low"),
    "household": ("household", "Members of the household who are low or listed"),
    "firm": ("firms.contagion", "The own firm is listed"),
    "rollout": ("score", "A new scheme begins: everybody starts anew"),
    "left": ("joining", "Left the scheme: the score goes back to the start"),
    "expired": ("expiry", "Points fade towards the start"),
    "insiders": ("insiders", "An official among the ties lifts the score"),
    "repair": ("repair", "Credit repair"),
    "correction": ("appeal", "Points booked by mistake are put right"),
}
"""Causes of points that are no record: the part of the scheme, and what happened."""


class DeedTeller(Teller):
    """Tells what was done and what it cost or won."""

    # What was done, seen and booked.

    def _does(self, _what: str, numbers: dict[str, int]) -> None:
        one = self._behaviours[numbers["behaviour"]]
        name = words_of(one.name)
        name = f"The own firm: {name}" if one.by == "firm" else name.capitalize()
        self._deed = self._add(
            "act", "firm" if one.by == "firm" else "speech" if one.kind == "speech" else "deed",
            f"{name}: nobody saw it", behaviour=one.name,
            meaning=one.meaning, gravity=one.gravity, outcome="unseen",
        )  # fmt: skip
        if not self._book.watching_for(one):
            self._deed.sentence = f"{name}: nobody watches for it"

    def _looked(self, _what: str, numbers: dict[str, int]) -> None:
        if self._deed is None or numbers["draw"] >= numbers["limit"]:
            return
        if self._deed.facts.get("channel") is None:
            channel = CHANNELS[numbers["channel"]]
            self._deed.facts.update(channel=channel, outcome="seen")
            begins = self._deed.sentence.rsplit(": ", 1)[0]
            self._deed.sentence = (
                f"{begins}: seen by {CHANNEL_WORDS[channel]}; the scheme has no rule for it"
            )

    def _recorded(self, _what: str, _numbers: dict[str, int]) -> None:
        if self._deed is not None:
            self._deed.sentence = self._deed.sentence.replace("; the scheme has no rule for it", "")

    def _handed_on(self, _what: str, _numbers: dict[str, int]) -> None:
        if self._deed is not None:
            self._deed.sentence += ", and booked to somebody else"
            self._deed.facts["outcome"] = "booked to somebody else"

    def _received(self, _what: str, numbers: dict[str, int]) -> None:
        one = self._behaviours[numbers["behaviour"]]
        if numbers["is_false"]:
            channels, whose = self._book.false_matches_as(one.name), "that nobody did"
        else:
            channels, whose = self._book.watching_for(one), "that somebody else did"
        by = " or ".join(CHANNEL_WORDS[name] for name in channels) or "an unknown channel"
        line = self._book.of_channel(channels[0]) if channels else NOWHERE
        self._deed = self._add(
            "watch", "mistake", f"Wrongly booked by {by}: {words_of(one.name)}, {whose}", line,
            behaviour=one.name, meaning=one.meaning, gravity=one.gravity, channels=channels,
            is_false_match=bool(numbers["is_false"]),
        )  # fmt: skip

    def _booked(self, _what: str, numbers: dict[str, int]) -> None:
        one = self._behaviours[numbers["behaviour"]]
        points, moved = numbers["points"] / 10, numbers["moved"] / 10
        if self._deed is None:  # cannot be: a record follows a deed or a mistake
            self._deed = self._add("score", "points", f"{words_of(one.name)}: booked")
        self._deed.facts["outcome"] = "booked"
        tail = "" if self._deed.kind == "mistake" else " and booked"
        said = signed(moved)
        if moved != points:
            said += " (stays out of the score)" if not self._before.is_member else (
                f" of {points:+.1f}: the score goes no further"
            )  # fmt: skip
        self._deed.sentence += f"{tail}: {said}"
        self._deed.points = moved
        line = self._book.of_behaviour(one)
        if line != NOWHERE:
            self._deed.rests_on(line)
        self._why = f"points lost for {words_of(one.name)}" if moved < 0 else ""

    def _firm_booked(self, _what: str, numbers: dict[str, int]) -> None:
        one = self._behaviours[numbers["behaviour"]]
        if self._deed is not None:
            self._deed.sentence += f" and booked: the firm's rating {numbers['moved'] / 10:+.1f}"
            self._deed.facts.update(outcome="booked", firm_points=numbers["moved"] / 10)
            self._deed.rests_on(self._book.of_behaviour(one))

    # Points that are no record.

    def _points(self, what: str, numbers: dict[str, int]) -> None:
        way, cause = what.removeprefix("points_").split("_", 1)
        if way == "expired":
            way, cause = ("lost" if cause == "down" else "won"), "expired"
        if cause not in POINTS_FOR:
            return  # the record says it already
        part, sentence = POINTS_FOR[cause]
        moved = numbers["amount"] / 10 * (-1 if way == "lost" else 1)
        if cause == "friends":
            sentence += f" ({self._around.get('low', 0)})"
        if cause == "household":
            sentence += f" ({self._around.get('household', 0)})"
        step = {"friends": "associate", "household": "associate", "firm": "associate",
                "expired": "adapt"}.get(cause, "remedy")  # fmt: skip
        kind = "fading" if cause == "expired" else "points"
        self._add(step, kind, f"{sentence}: {signed(moved)}", self._book.of_part(part), moved,
                  cause=cause)  # fmt: skip
