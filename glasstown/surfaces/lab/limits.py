"""What one lab allows: sizes of runs, how many wait, and how often it may be asked."""

from __future__ import annotations

from dataclasses import dataclass, field

from glasstown.engine.engines import default_workers
from glasstown.lab.assessment import FEWEST_CITIZENS, FEWEST_SEEDS
from glasstown.lab.stage.places import FEWEST


@dataclass(frozen=True)
class Limits:
    """The bounds of a lab.

    Parameters
    ----------
    citizens, weeks : tuple of int
        The least and the most that a run may have.
    waiting : int
        Worlds that may wait to be computed.
    running : int
        Worlds that are computed at once, one thread each; never more than processors.
    begun : int
        Worlds that have begun and take turns.
    kept : int
        Worlds of which the weeks stay readable; the oldest that ended go first.
    runs : int
        Visitors' runs that are remembered.
    body_bytes : int
        The largest body of a call.
    calls, starts : tuple of float
        Calls, and starts of runs, a second for each address, and how many may come at once.
    streams : int
        Event streams that may be open at once.
    dossier_citizens, dossier_seeds : tuple of int
        The least and the most that the countries of a dossier may have, and how many there are.
    dossiers_waiting, dossiers_kept : int
        Dossiers that may wait to be made, and that are remembered.
    """

    citizens: tuple[int, int] = (1_000, 200_000)
    weeks: tuple[int, int] = (1, 520)
    waiting: int = 24
    running: int = field(default_factory=default_workers)
    begun: int = 24
    kept: int = 64
    runs: int = 1024
    body_bytes: int = 256 * 1024
    calls: tuple[float, float] = (100.0, 400.0)
    starts: tuple[float, float] = (2.0, 40.0)
    streams: int = 256
    dossier_citizens: tuple[int, int] = (FEWEST_CITIZENS, 50_000)
    dossier_seeds: tuple[int, int] = (FEWEST_SEEDS, 8)
    dossiers_waiting: int = 8
    dossiers_kept: int = 32

    def as_record(self) -> dict[str, object]:
        """Return what a page is told of them."""
        return {
            "citizens": list(self.citizens),
            "weeks": list(self.weeks),
            "waiting": self.waiting,
            "running": self.running,
            "stage_citizens": FEWEST,
            "dossier_citizens": list(self.dossier_citizens),
            "dossier_seeds": list(self.dossier_seeds),
            "dossiers_waiting": self.dossiers_waiting,
        }
