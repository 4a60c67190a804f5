"""The small model in Glasstown: a society, two behaviours and a scheme, run by the engine as it is.

What the declarations say otherwise: three of the six near ties lead into the community of 64 blocks
instead of the block, and a deed may be done twice a week.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import small
from small import Look, Setting

from glasstown.engine.country import Country
from glasstown.engine.engines import default_workers
from glasstown.engine.measures import NAMES
from glasstown.engine.world import SCORE
from glasstown.reading import read_document, read_text
from glasstown.scheme.compilation import compile_scheme
from glasstown.scheme.loading import load_scheme
from glasstown.society import layout as at
from glasstown.society.catalogue import named_rows
from glasstown.society.compilation import compile_rows
from glasstown.society.declaration import Behaviour, Society
from glasstown.society.region_table import read_region_table

HERE = Path(__file__).parent / "glasstown"
WITHOUT = ("caution", "cash", "conformity", "cutting")
"""Left out: how citizens answer to a scheme, which the small model doesn't have."""


class Small:
    """A country under the small model's scheme."""

    def __init__(self, setting: Setting) -> None:
        given = read_document(HERE / "society.yaml").data
        society = Society.model_validate({**given, "citizens": setting.citizens})
        deeds = named_rows(read_text(HERE / "behaviours.yaml"), "behaviours.yaml", Behaviour)
        rows = read_region_table(str(HERE / society.regions))
        compiled = compile_rows(society, rows, WITHOUT, deeds)
        scheme = load_scheme(
            {"from": str(HERE / "scheme.yaml"), "score": {"start": setting.start}},
            behaviours={one.name: one.by for one in deeds},
        )
        plan = compile_scheme(scheme, society, compiled.behaviours, WITHOUT)
        self.country = Country(compiled, plan, setting.seed, workers=default_workers())
        zones = compiled.layout.places.zones
        firsts = zones[:, at.FIRST_BLOCK] * at.BLOCK
        self.stretches = list(zip(firsts, firsts + zones[:, at.CITIZENS], strict=True))
        self.events = 0

    def week(self) -> None:
        """Run one week."""
        tally = self.country.advance().sum(axis=(0, 1))
        acted_and_booked = tally[len(NAMES) :]
        self.events += int(acted_and_booked[len(acted_and_booked) // 2 :].sum())

    def look(self) -> Look:
        """Return the scores, who is listed, and the events so far."""
        state = self.country.state
        here = np.concatenate([np.arange(first, last) for first, last in self.stretches])
        return Look(state.points[SCORE, here] / 10, state.listing[here] != 0, self.events)


if __name__ == "__main__":
    small.serve("glasstown", Small)
