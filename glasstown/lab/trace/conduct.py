"""Conduct: what a citizen felt, said, paid with and cut, what its firm did, as events."""

from __future__ import annotations

from glasstown.engine.world import CASH, OWNER_HIT, UNHEARD
from glasstown.lab.trace.events import Teller, percent_of, tie_kind
from glasstown.lab.wording import joined, noun
from glasstown.laws import publish as facts
from glasstown.laws.speak import CRITICISM, PRAISE

FIRM_COUNTS = {
    "firm_entries": "The own firm is entered on the black list",
    "firm_entries_red": "The own firm stands on the red list",
    "firm_exits_term": "The own firm leaves the black list: end of term",
    "firm_exits_performed": "The own firm leaves the black list: it performed what it owed",
    "firm_exits_rollout": "The own firm leaves the black list, which ends",
    "bids_denied": "Bids of the own firm refused: the firm is listed",
    "bids_denied_owner": "Bids of the own firm refused: its owner is listed",
    "bids_favoured": "Bids of the own firm go first",
    "firm_points_lost_owner": "The own firm loses points for its listed owner",
    "consumers_harmed": "Consumers harmed by the own firm",
}  # fmt: skip


class ConductTeller(Teller):
    """Tells how the citizen lived with it."""

    # What is felt, said, paid and cut.

    def _look_around(self, _what: str, numbers: dict[str, int]) -> None:
        self._around = numbers

    def _feels(self, _what: str, numbers: dict[str, int]) -> None:
        parts = []
        if numbers["by_loss"]:
            parts.append("points lost for others")
        if numbers["by_ties"]:
            parts.append(
                f"{noun(self._around.get('listed', 0), 'tie')} listed and "
                f"{self._around.get('shamed', 0)} shown on screens"
            )
        self._why = joined(parts)

    def _caution(self, _what: str, numbers: dict[str, int]) -> None:
        before, after = numbers["before"], numbers["after"]
        if after > before:
            why = f", from {self._why}" if self._why else ""
            self._add(
                "adapt", "caution",
                f"Grows more cautious: {percent_of(before)} to {percent_of(after)}{why}",
                before=before / 255, after=after / 255,
            )  # fmt: skip

    def _stance(self, _what: str, numbers: dict[str, int]) -> None:
        stance = {PRAISE: "praise", CRITICISM: "criticism"}.get(numbers["stance"], "silence")
        if stance == self._before.stance:
            return
        thinks = "opposed" if self._before.is_opposed else "in favour"
        says = {"silence": "Falls silent", "praise": "Begins to voice praise",
                "criticism": "Begins to voice criticism"}[stance]  # fmt: skip
        self._add(
            "speak", "speech",
            f"{says}; privately {thinks}. Heard around: {noun(numbers['praising'], 'tie')} "
            f"praising, {numbers['critical']} criticising",
            self._book.of_part("speech"), stance=stance, was=self._before.stance, thinks=thinks,
            praising=numbers["praising"], critical=numbers["critical"],
        )  # fmt: skip

    def _becomes(self, _what: str, numbers: dict[str, int]) -> None:
        is_on = numbers["value"] == 1
        step, kind, sentence = {
            CASH: ("adapt", "caution", "Pays cash from now on" if is_on else
                   "Pays digitally again"),
            facts.SHAMED: ("publish", "shown", "" if is_on else "Off the public screens again"),
            UNHEARD: ("speak", "speech", "For these weeks, what is said is not heard online"
                      if is_on else ""),
            OWNER_HIT: ("reflect", "firm", "Known as owner of a listed firm" if is_on else
                        "No longer known as owner of a listed firm"),
        }.get(numbers["plane"], ("", "", ""))  # fmt: skip
        if sentence:
            self._add(step, kind, sentence)

    def _cuts(self, what: str, numbers: dict[str, int]) -> None:
        if numbers["draw"] >= numbers["limit"]:
            return
        kind = tie_kind(numbers["tie"])
        other = f"{kind} contact" if kind == "online" else kind
        said = {
            "cuts": f"Cuts the tie to a publicly low {other}",
            "mends": f"Mends the tie to somebody who is low no longer ({other})",
        }[what]
        self._add("adapt", "tie", said, tie=kind, way=what)

    def _member(self, what: str, _numbers: dict[str, int]) -> None:
        said = "Joins the scheme" if what == "joined_scheme" else "Leaves the scheme"
        self._add("reflect", "member", said, self._book.of_part("joining"))

    def _gathers(self, _what: str, numbers: dict[str, int]) -> None:
        needed = noun(numbers["needed"], "tie")
        self._add(
            "gather", "gathering",
            f"Joins a gathering in round {numbers['round'] + 1}, after {needed} had joined",
            round=numbers["round"] + 1, needed=numbers["needed"],
        )  # fmt: skip
        gathering = next((i for i, x in enumerate(self._behaviours) if x.name == "gathering"), None)
        if gathering is not None:
            self._deed = self._add("watch", "gathering", "Gathering: nobody saw it",
                                   behaviour="gathering", outcome="unseen")  # fmt: skip

    def _firm(self, what: str, numbers: dict[str, int]) -> None:
        line = self._book.of_part("firms")
        amount = numbers["amount"]
        shown = amount / 10 if what.startswith("firm_points") else amount
        tail = "" if what.startswith(("firm_entries", "firm_exits")) else f": {shown:g}"
        self._add("serve" if what.startswith("bids") else "sanction", "firm",
                  f"{FIRM_COUNTS[what]}{tail}", line, measure=what, amount=shown)  # fmt: skip
