"""The society as integer tables: what the engines read.

Behaviours become rows of integers with a bound each; the bounds make an alias table (Walker
1977; Vose 1991) of 64 slots from which a candidate's behaviour is picked. Bounds and picks depend
on the society alone, never on a scheme.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasstown.laws import Q16
from glasstown.society import marginals, traits
from glasstown.society.catalogue import behaviours, sectors, services
from glasstown.society.declaration import Behaviour, ServiceDemand, Society
from glasstown.society.layout import BLOCK, GROUP_BLOCKS, Layout, lay_out
from glasstown.society.poisson import Q40, poisson_thresholds
from glasstown.society.region_table import RegionRow, read_region_table
from glasstown.society.ties import kinds_of_ties

WEEKS_A_YEAR = 365.25 / 7
SLOTS = 64
GROUP_CITIZENS = BLOCK * GROUP_BLOCKS
KINDS = ("offence", "merit", "neutral", "speech")
OFFENCE, MERIT, NEUTRAL, SPEECH = range(4)
ACTORS = ("adult", "official", "firm")
ADULT, OFFICIAL, FIRM = range(3)
STANCES = (None, "praise", "criticism", "mobilisation")
PRAISE, CRITICISM, MOBILISATION = 1, 2, 3
CHANNELS = (
    "court", "agency", "camera", "payment", "platform", "neighbours", "inspection", "complaint",
)  # fmt: skip
SLOPE_TRAITS = ("income", "honesty", "civic", "opinion", "boldness", "online", "digital")
URBAN_SHARE = 0.6389
"""Urban share of the reference society to which the catalogue's rates refer (census 2020)."""

# Columns of the table of behaviours.
(
    KIND, ACTOR, STANCE, INABILITY, TRAIT_1, ZERO_1, STEP_1, TRAIT_2, ZERO_2, STEP_2, DETERRED,
    SCALE, CHANNEL_1, CHANNEL_2, GRAVITY, SECTORS_DOING, HARMED,
) = range(17)  # fmt: skip
CITIZENS_A_FIRM = 32
DEMAND_STEPS = 6


class People(NamedTuple):
    """What the society is, as arrays.

    ``traits`` uint8 (zones, 10, 256) quantile tables; ``behaviours`` int64 (behaviours, 17);
    ``alias`` int64 (64, 2): threshold q16 and other behaviour; ``count`` int64 (n,): cumulative
    q32 of candidates a group and week; ``guide`` int64 (256,): where to start in it;
    ``demand`` int64 (8, 2, 6): cumulative q32 of requests a week of the light and the heavy;
    ``demand_from`` int64 (8, 2): trait byte and the value from which a citizen is heavy;
    ``group_limits`` int64 (3,): cumulative 16-bit shares of groups; ``firm_limits`` int64 (4,):
    cumulative 16-bit shares of sectors; ``bids`` int64 (5, 6): cumulative q32 of a firm's bids
    from one reflection to the next, by sector.
    """

    traits: NDArray[np.uint8]
    behaviours: NDArray[np.int64]
    alias: NDArray[np.int64]
    count: NDArray[np.int64]  # type: ignore[assignment]
    guide: NDArray[np.int64]
    demand: NDArray[np.int64]
    demand_from: NDArray[np.int64]
    group_limits: NDArray[np.int64]
    firm_limits: NDArray[np.int64]
    bids: NDArray[np.int64]


class Response(NamedTuple):
    """How people respond, as integers: see `glasstown.society.declaration.Society`."""

    groups: int
    resemblance: int
    mixing: int
    kinds_of_ties: int
    officials: int
    reflection_weeks: int
    conformity_q8: int
    fear_q8: int
    praise_from_fear_q8: int
    fade_q16: int
    listing_rise: int
    listed_tie_q16: int
    shamed_tie_q16: int
    cash_above: int
    cut_above: int
    cut_q32: int
    mend_q32: int
    mobilise_above: int
    gather_effort: int
    gather_peers_q8: int
    hospital_load_q16: int
    hospital_seconds: int


class CompiledSociety(NamedTuple):
    """A society ready to run: layout, tables, response, and the names of its groups."""

    layout: Layout
    people: People
    response: Response
    groups: tuple[str, ...]
    group_weights: tuple[float, ...]
    behaviours: tuple[Behaviour, ...]


def trait_mean(trait: str) -> float:
    """Return the mean of a trait (0 to 1) in the reference society."""
    if trait in ("honesty", "civic", "boldness"):
        return 0.5
    if trait == "opinion":
        return float(marginals.opinion_table().mean() / 255)
    urban, rural = URBAN_SHARE, 1 - URBAN_SHARE
    if trait == "income":
        tables = [marginals.income_table(0), marginals.income_table(1)]
        return float(urban * tables[0].mean() + rural * tables[1].mean()) / 255
    if trait == "online":
        shares = [marginals.INTERNET_PCT[s] / 100 for s in ("urban", "rural")]
        tables = [marginals.level_table(share) for share in shares]
        return float(urban * tables[0].mean() + rural * tables[1].mean()) / 255
    return float(marginals.level_table(marginals.ONLINE_PAYMENT_SHARE).mean() / 255)


def weekly_bound(behaviour: Behaviour) -> float:
    """Return the highest rate that any citizen has: events a citizen and week.

    A firm's deeds are drawn with the citizens' candidates, 32 of whom stand for a firm.
    """
    rate = behaviour.rate / WEEKS_A_YEAR
    if behaviour.by == "firm":
        rate /= CITIZENS_A_FIRM
    for trait, slope in behaviour.traits.items():
        rate *= (1 + abs(slope)) / (1 + slope * (2 * trait_mean(trait) - 1))
    return rate


def alias_table(weights: Sequence[float]) -> tuple[NDArray[np.int64], list[float]]:
    """Return an alias table of 64 slots and the share of picks that each entry really gets."""
    scaled = [weight * SLOTS / sum(weights) for weight in weights] + [0.0] * (SLOTS - len(weights))
    table = np.zeros((SLOTS, 2), np.int64)
    small = [i for i, x in enumerate(scaled) if x < 1]
    large = [i for i, x in enumerate(scaled) if x >= 1]
    while small and large:
        less, more = small.pop(), large[-1]
        # Rounded up: what is rare must not be picked more seldom than its bound.
        table[less] = (min(math.ceil(scaled[less] * Q16), Q16), more)
        scaled[more] -= 1 - scaled[less]
        if scaled[more] < 1:
            small.append(large.pop())
    for rest in small + large:
        table[rest] = (Q16, rest)
    picked = [0.0] * SLOTS
    for slot, (threshold, other) in enumerate(table.tolist()):
        picked[slot] += threshold / Q16 / SLOTS
        picked[other] += (Q16 - threshold) / Q16 / SLOTS
    return table, picked[: len(weights)]


def _slope_columns(behaviour: Behaviour) -> list[int]:
    """Return trait, w(0) and step (q24) of the two slopes; a missing one is constant 1."""
    columns: list[int] = []
    for trait, slope in behaviour.traits.items():
        top = 1 + abs(slope)
        zero = round((1 - slope) / top * (1 << 24))
        step = round(2 * slope / top / 255 * (1 << 24))
        # Rounding must not take w(255) above 1 or below 0.
        zero = min(max(zero, -255 * step), (1 << 24) - max(255 * step, 0))
        columns += [SLOPE_TRAITS.index(trait), zero, step]
    columns += [0, 1 << 24, 0] * (2 - len(behaviour.traits))
    return columns


def behaviour_tables(
    catalogue: Sequence[Behaviour],
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Return the table of behaviours, the alias table and the candidates a group and week (q40)."""
    bounds = [weekly_bound(one) for one in catalogue]
    alias, picked = alias_table(bounds)
    # A thousandth above the sum, so that the rounded alias table is still an upper bound.
    total_q40 = round(sum(bounds) * 1.001 * GROUP_CITIZENS * Q40)
    total = total_q40 / Q40 / GROUP_CITIZENS
    rows = []
    for one, bound, share in zip(catalogue, bounds, picked, strict=True):
        channels = [CHANNELS.index(channel) for channel in one.seen_by]
        channels += [-1] * (2 - len(channels))
        rows.append(
            [
                KINDS.index(one.kind),
                ACTORS.index(one.by),
                STANCES.index(one.stance),
                int(one.inability),
                *_slope_columns(one),
                round(one.deterred * Q16),
                min(round(bound / (total * share) * Q16), Q16),
                *channels,
                one.gravity,
                _sector_bits(one),
                one.harmed,
            ]
        )
    return np.array(rows, np.int64), alias, total_q40


def _sector_bits(behaviour: Behaviour) -> int:
    """Return which sectors' firms do a deed, as bits."""
    names = [one.name for one in sectors()]
    return sum(1 << names.index(one) for one in behaviour.sectors or names)


def firm_tables(reflection_weeks: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return cumulative shares of sectors (q16) and bids between two reflections by sector."""
    known = sectors()
    limits = np.round(np.cumsum([one.share for one in known[:-1]]) * Q16).astype(np.int64)
    rates = [one.bids * reflection_weeks / WEEKS_A_YEAR for one in known]
    bids = [poisson_thresholds(round(rate * Q40), most=DEMAND_STEPS) for rate in rates]
    return limits, np.array(bids, np.int64)


def guide_table(count: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return, for each upper byte of a draw, the first count that it can mean."""
    return np.searchsorted(count, np.arange(256, dtype=np.int64) << 24, side="right")


def demand_tables(wanted: Sequence[ServiceDemand]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return cumulative requests a week of light and heavy citizens, and who is heavy."""
    byte = {"flight": traits.TRAVEL, "train": traits.TRAVEL, "passport": traits.TRAVEL,
            "rental": traits.TRAVEL, "hospital": traits.HEALTH, "loan": traits.CREDIT,
            "public_job": traits.WORK, "school": traits.WORK}  # fmt: skip
    demand = np.zeros((len(wanted), 2, DEMAND_STEPS), np.int64)
    heavy_from = np.zeros((len(wanted), 2), np.int64)
    for i, service in enumerate(wanted):
        heavy = max(round(256 * service.concentration), 1) / 256
        weekly = service.rate / WEEKS_A_YEAR
        light_rate = 0.0 if heavy == 1 else 0.1 * weekly / (1 - heavy)
        heavy_rate = weekly if heavy == 1 else 0.9 * weekly / heavy
        for j, rate in enumerate((light_rate, heavy_rate)):
            demand[i, j] = poisson_thresholds(round(rate * Q40), most=DEMAND_STEPS)
        heavy_from[i] = (byte[service.name], 256 - round(heavy * 256))
    return demand, heavy_from


def _response(society: Society) -> Response:
    half_life, reflection = society.caution_half_life_weeks, society.reflection_weeks
    return Response(
        groups=len(society.groups) + 1,
        resemblance=round(society.household_resemblance * 256),
        mixing={0.5: 1, 0.75: 2, 0.875: 3, 1.0: 0}[society.sociability],
        kinds_of_ties=kinds_of_ties(
            society.neighbour_ties, society.colleague_ties, society.acquaintance_ties,
            society.online_ties,
        ),
        officials=round(marginals.OFFICIAL_SHARE * 256),
        reflection_weeks=reflection,
        conformity_q8=round(society.conformity * 256),
        fear_q8=round(society.fear_of_speech * 256),
        praise_from_fear_q8=round(society.praise_from_fear * 256),
        fade_q16=round((1 - 2 ** (-reflection / half_life)) * Q16),
        listing_rise=round(society.caution_from_listing * 255),
        listed_tie_q16=round(society.caution_from_ties * 255 * Q16),
        shamed_tie_q16=round(society.caution_from_shaming * 255 * Q16),
        cash_above=round(society.cash_above * 255),
        cut_above=round(society.cut_above * 255),
        cut_q32=round(society.cut_rate * (1 << 32)),
        mend_q32=round(society.mend_rate * (1 << 32)),
        mobilise_above=round(society.mobilise_above),
        gather_effort=round(society.gather_effort),
        gather_peers_q8=round(society.gather_peers * 256),
        hospital_load_q16=round(society.hospital_load * Q16),
        hospital_seconds=round(society.hospital_service_minutes * 60),
    )  # fmt: skip


def trait_tables(rows: Sequence[RegionRow], years_before: float) -> NDArray[np.uint8]:
    """Return the quantile tables of all zones, uint8 (zones, 10, 256), so long before 2021."""
    return np.array([marginals.zone_tables(row, s, years_before) for row in rows for s in (0, 1)])


def compile_society(
    society: Society, without: Sequence[str] = (), day: date | None = None
) -> CompiledSociety:
    """Compile a declared society; ``without`` names mechanisms that are left out.

    ``day`` is the day for which internet use and digital payments are taken; nothing: 2020, to
    which the published marginals refer.

    Raises
    ------
    DeclarationError
        If the region table can't be used.
    """
    return compile_rows(society, read_region_table(society.regions), without, day=day)


def compile_rows(
    society: Society,
    rows: Sequence[RegionRow],
    without: Sequence[str] = (),
    catalogue: Sequence[Behaviour] | None = None,
    wanted: Sequence[ServiceDemand] | None = None,
    day: date | None = None,
) -> CompiledSociety:
    """Compile a society over given regions.

    Where given, ``catalogue`` and ``wanted`` stand for the packaged behaviours and services.
    """
    known = tuple(catalogue if catalogue is not None else behaviours())
    table, alias, total_q40 = behaviour_tables(known)
    count = np.array(poisson_thresholds(total_q40), np.int64)
    demand, demand_from = demand_tables(services() if wanted is None else wanted)
    firm_limits, bids = firm_tables(society.reflection_weeks)
    years_before = marginals.years_before_2021(day) if society.digital_growth else 0.0
    limits = np.cumsum([round(group.share * Q16) for group in society.groups] + [0] * 3)[:3]
    people = People(
        traits=trait_tables(rows, years_before),
        behaviours=table,
        alias=alias,
        count=count,
        guide=guide_table(count),
        demand=demand,
        demand_from=demand_from,
        group_limits=limits.astype(np.int64),
        firm_limits=firm_limits,
        bids=bids,
    )
    response = _response(society)
    if "conformity" in without:
        response = response._replace(conformity_q8=0)
    if "caution" in without:
        response = response._replace(listing_rise=0, listed_tie_q16=0, shamed_tie_q16=0)
    if "cash" in without:
        response = response._replace(cash_above=255)
    if "cutting" in without:
        response = response._replace(cut_q32=0)
    return CompiledSociety(
        layout=lay_out(society.citizens, rows),
        people=people,
        response=response,
        groups=(*(group.name for group in society.groups), "rest"),
        group_weights=(*(group.misidentification for group in society.groups), 1.0),
        behaviours=known,
    )
