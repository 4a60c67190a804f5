"""The small model in Glasstown: a society, two behaviours and a scheme, run by the engine as it is.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import small
from numpy.typing import NDArray
from small import Look, Setting

from glasstown.engine.country import Country
from glasstown.engine.engines import default_workers
from glasstown.engine.measures import INDEX, NAMES
from glasstown.engine.world import SCORE
from glasstown.reading import read_document, read_text
from glasstown.scheme.compilation import compile_scheme
from glasstown.scheme.loading import load_scheme
from glasstown.society.catalogue import named_rows
from glasstown.society.compilation import compile_rows
from glasstown.society.declaration import Behaviour, Society
from glasstown.society.region_table import read_region_table

HERE = Path(__file__).parent / "glasstown"
WITHOUT = ("caution", "cash", "cutting", "conformity")
"""Left out: what citizens do in answer to a scheme, which the small model doesn't have."""


class Small:
    """A country under the small model's scheme."""

    def __init__(self, setting: Setting) -> None:
        given = {**read_document(HERE / "society.yaml").data, "citizens": setting.citizens}
        society = Society.model_validate(given)
        rows = read_region_table(str(HERE / society.regions))
        deeds = named_rows(read_text(HERE / "behaviours.yaml"), "behaviours.yaml", Behaviour)
        scheme = load_scheme(
            {"from": str(HERE / "scheme.yaml"), "score": {"start": setting.start}},
            behaviours={one.name: one.by for one in deeds},
        )
        compiled = compile_rows(society, rows, WITHOUT, deeds)
        plan = compile_scheme(scheme, society, compiled.behaviours, WITHOUT)
        self.country = Country(compiled, plan, setting.seed, workers=default_workers())
        self.tally: NDArray[np.int64] = np.zeros(0, np.int64)
        self.events = 0

    def week(self) -> None:
        """Run one week."""
        self.tally = self.country.advance().sum(axis=(0, 1))
        booked = self.tally[len(NAMES) + 2 :]
        self.events += int(booked.sum())


if __name__ == "__main__":
    print(NAMES.index("listed"))
