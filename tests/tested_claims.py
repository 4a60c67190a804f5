"""Claims for the tests: a small catalogue, and tested claims that nothing was run for."""

from __future__ import annotations

from typing import Any

import pytest

from glasstown.lab.claims import catalogue
from glasstown.lab.claims.catalogue import read
from glasstown.lab.claims.declaration import Claim
from glasstown.lab.claims.verdicts import Claims, Failure, Flip, Tested, judged

SMALL = """
- name: speech_falls
  claim: Speech falls.
  side: critics
  said_by: "Someone."
  did: "Something."
  takes_for_granted: "A lot."
  worlds:
    total: {scheme: total-2020, start: 2018-01-01, weeks: 12}
    none: {scheme: none, start: 2018-01-01, weeks: 12}
  last_weeks: 4
  measure: critical
  compare: difference
  effect: "Rise in critics"
  reads: "Critics are {size} {fewer}."
  form: points
  holds: {side: below, bound: 0.0, words: "there are fewer critics"}
  shown: [silent_unpunished]
  flips:
    key: scheme.speech.criticism_costs
    worlds: [total]
    base: 32
    values: [0]
    meaning: "the price of criticism"
    source: "assumed"
    confidence: assumed
  sources: [{title: "A paper", url: "https://example.org/paper"}]
  source: "test"
  confidence: assumed
- name: it_ends
  claim: It can be <ended>.
  side: makers
  said_by: "Someone else."
  did: "Something else."
  takes_for_granted: "Little."
  worlds:
    ended:
      scheme: total-2020
      start: 2018-01-01
      weeks: 12
      rollout: [{since: 2018-01-01}, {since: 2018-02-05, scheme: none}]
    total: {scheme: total-2020, start: 2018-01-01, weeks: 12}
  measure: enrolled
  compare: difference
  effect: "Rise in members"
  reads: "Members are {value} more."
  form: percent
  holds: {side: below, bound: -0.5, words: "most are out again"}
  sources: [{title: "A talk"}]
  source: "test"
  confidence: assumed
"""
CITIZENS = 5_000


def small() -> tuple[Claim, ...]:
    """Return two claims whose worlds last twelve weeks; three of the four share their past."""
    return read(SMALL, "small.yaml")


def use_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the small catalogue stand for the packaged one."""
    monkeypatch.setattr(catalogue, "catalogue", small)


def fake(effects: list[float], swept: list[float], **changes: Any) -> Tested:
    """Return the first small claim as if it had been tested."""
    claim = small()[0].model_copy(update=changes)
    flip = Flip(0, judged(claim.holds, swept))
    return Tested(claim, judged(claim.holds, effects), (flip,), {"critical": {"total": 0.1}}, ())


def fakes() -> Claims:
    """Return a test in which one claim holds and flips, and one failed."""
    holds = fake([-0.2, -0.21, -0.19], [0.1, 0.12, 0.11])
    claim = small()[1]
    failed = (Failure(None, 1, "no luck <here>"), Failure(None, 3, "no luck <here>"))
    broken = Tested(claim, judged(claim.holds, [0.1]), (), {}, failed)
    return Claims((holds, broken), CITIZENS, 3, 7)
