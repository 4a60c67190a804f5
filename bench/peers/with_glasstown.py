"""The small model in Glasstown: a society, two behaviours and a scheme, run by the engine as it is.

What the declarations can't say, and how near they come: of Glasstown's citizens one in five is a
child, who has no score and is nobody's low tie; only adults are counted. There are eleven ties
outside the household, three in the block, three in the community, three in the region, two
anywhere; five low ones cost a point, and each further one 0.2. A deed may be done twice a week.
"""

from __future__ import annotations

from pathlib import Path

import small
from small import Look, Setting

from glasstown.engine.country import Country
from glasstown.engine.engines import default_workers
from glasstown.engine.kinds import BAND, IS_PRESENT, kinds
from glasstown.engine.measures import NAMES
from glasstown.engine.world import SCORE
from glasstown.reading import read_document, read_text
from glasstown.scheme.compilation import compile_scheme
from glasstown.scheme.loading import load_scheme
from glasstown.society.catalogue import named_rows
from glasstown.society.compilation import compile_rows
from glasstown.society.declaration import Behaviour, Society
from glasstown.society.region_table import read_region_table
from glasstown.society.traits import FIRST_ADULT_BAND

HERE = Path(__file__).parent / "glasstown"
WITHOUT = ("caution", "cash", "conformity", "cutting")
"""Left out: how citizens answer to a scheme, which the small model doesn't have."""


class Small:
    """A country under the small model's scheme."""

    def __init__(self, setting: Setting) -> None:
        without = WITHOUT if setting.has_ties else (*WITHOUT, "friends")
        given = read_document(HERE / "society.yaml").data
        society = Society.model_validate({**given, "citizens": setting.citizens})
        deeds = named_rows(read_text(HERE / "behaviours.yaml"), "behaviours.yaml", Behaviour)
        rows = read_region_table(str(HERE / society.regions))
        compiled = compile_rows(society, rows, without, deeds)
        scheme = load_scheme(
            {"from": str(HERE / "scheme.yaml"), "score": {"start": setting.start}},
            behaviours={one.name: one.by for one in deeds},
        )
        plan = compile_scheme(scheme, society, compiled.behaviours, without)
        self.country = Country(compiled, plan, setting.seed, workers=default_workers())
        self.events = 0

    def week(self) -> None:
        """Run one week."""
        tally = self.country.advance().sum(axis=(0, 1))
        acted_and_booked = tally[len(NAMES) :]
        self.events += int(acted_and_booked[len(acted_and_booked) // 2 :].sum())

    def look(self) -> Look:
        """Return scores of adults, who of them is listed, and the events so far."""
        country = self.country
        table = kinds(country.worlds, country.state, country.seed)
        adults = (table[:, IS_PRESENT] == 1) & (table[:, BAND] >= FIRST_ADULT_BAND)
        scores = country.state.points[SCORE, adults] / 10
        return Look(scores, country.state.listing[adults] != 0, self.events)


if __name__ == "__main__":
    small.serve("glasstown", Small)
