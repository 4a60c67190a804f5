"""Points, as every part of a scheme declares them: tenths at the finest."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

Points = Annotated[float, Field(ge=-1000, le=1000, multiple_of=0.1)]
