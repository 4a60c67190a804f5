"""Part c: a corporate rating whose rank loyalty decides (T20, FACTS 1.7).

Lin and Milhaupt 2023 (China Quarterly), listed firms of Zhejiang: mean scores above 96 % of the
most in four compliance categories, 38.3 % in "social responsibility", which varies most; firms
with political ties score higher because of it. Here: the ratings of all firms of the total system
at the end of five years, those of owners who privately support the government against the others.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np

from glasstown.engine.country import Country
from glasstown.engine.world import COMPLIANCE, SOCIAL, week_keys
from glasstown.lab.validation.rows import Claim, Row, judged
from glasstown.lab.validation.runs import Runner
from glasstown.lab.validation.targets import targets
from glasstown.laws.draws import FIRM, PEOPLE, draw, field, fold, stream
from glasstown.laws.firm import owner_lane
from glasstown.society import layout as at
from glasstown.society import traits
from glasstown.society.households import head_lane

SCHEME, START, WEEKS = "total-2020", date(2014, 1, 1), 260
MOST_BLOCKS = 4_000
"""Blocks whose firms are looked at: every k-th, as few k as keep to this number."""


class Ratings(NamedTuple):
    """Of the firms looked at, all as shares of a category's most.

    Means of both categories, the share of social responsibility in the variance of both, and how
    much higher firms of loyal owners stand in each.
    """

    compliance: float
    social: float
    variance_social: float
    loyal_social: float
    loyal_compliance: float


def ratings(country: Country) -> Ratings:
    """Return what the ratings of a country's firms look like."""
    keys, layout = week_keys(country.seed, 0), country.society.layout
    people, firms = int(keys[PEOPLE]), int(keys[FIRM])
    step = -(-layout.blocks // MOST_BLOCKS)
    numbers, opinions = [], []
    for block in range(0, layout.blocks, step):
        zone = int(layout.places.block_zone[block])
        row = layout.places.zones[zone]
        place = block - int(row[at.FIRST_BLOCK])
        present = min(int(row[at.CITIZENS]) - at.BLOCK * place, at.BLOCK)
        key = fold(int(layout.places.zone_keys[zone]), place)
        crowd = stream(people, key)
        for slot in (0, 1):
            lane = owner_lane(field(draw(firms, key, slot), 0, 8), slot, present)
            if lane >= 0:
                word = traits.own_word(crowd, head_lane(crowd, lane))
                byte = traits.trait_byte(word, traits.OPINION)
                numbers.append(2 * block + slot)
                opinions.append(country.society.people.traits[zone, traits.TABLE_OPINION, byte])
    points = country.state.firm_points[:, numbers] / 10
    terms = country.regimes.schemes[0].terms
    compliance = points[COMPLIANCE] / (terms.firm_start / 10)
    social = points[SOCIAL] / (terms.firm_social_most / 10)
    loyal = np.array(opinions) >= traits.SUPPORTS_FROM
    spread = points.var(axis=1)
    return Ratings(
        float(compliance.mean()),
        float(social.mean()),
        float(spread[SOCIAL] / spread.sum()),
        float(social[loyal].mean() - social[~loyal].mean()),
        float(compliance[loyal].mean() - compliance[~loyal].mean()),
    )


def rows(runner: Runner) -> list[Row]:
    """Run the scheme and hold its firms' ratings against T20."""
    found = []
    for place, seed in enumerate(runner.seeds):
        runner.progress.stage(f"firms' ratings, seed {place + 1} of {len(runner.seeds)}")
        _, country = runner.country({"scheme": SCHEME, "start": START, "weeks": WEEKS}, seed)
        runner.live(country, START, WEEKS)
        found.append(ratings(country))
    known, after = targets(), f"after {WEEKS} weeks"
    claims = [
        (Claim(
            known["F25"], "c", "compliance of firms, share of the most", "prediction",
            f"Mean compliance over its most, {after}.",
            "the rates of firms' offences are assumed.", factor=1.05, test="T20",
        ), [one.compliance for one in found]),
        (Claim(
            known["F26"], "c", "social responsibility of firms, share of the most", "prediction",
            f"Mean social responsibility over its most, {after}; the rates of gifts and displays "
            "were chosen for this number, on paper, before any run.",
            "displays come at other rates in the run than on paper.", factor=1.2, test="T20",
        ), [one.social for one in found]),
        (Claim(
            known["F27"], "c", "social responsibility carries the variance of ratings",
            "direction", f"Its variance over that of both categories, less one half, {after}.",
            "compliance varies more.", side=1, said="most variance", test="T20",
        ), [one.variance_social - 0.5 for one in found]),
        (Claim(
            known["F28"], "c", "firms with loyal owners stand higher, by what they display",
            "direction", "Advantage of firms whose owners privately support the government in "
            f"social responsibility less in compliance, as shares of the most, {after}.",
            "loyal owners gain nothing by displays.", side=1, said="because of it", test="T20",
        ), [one.loyal_social - one.loyal_compliance for one in found]),
    ]  # fmt: skip
    return [judged(claim, values, runner.citizens) for claim, values in claims]
