"""Validation: what was published beside what comes out here, misfits included.

Four parts: (a) the court list against its record, (b) Rongcheng's records, (c) what the
literature says of such systems, (d) published models with known answers.
"""

CITIZENS, SEEDS, SEED = 300_000, 6, 2
"""What is run if nobody says: minutes on two processors; other seeds than the calibration's."""

PARTS = {
    "a": "The court list, 2013 to 2018, against its record",
    "b": "Rongcheng's records",
    "c": "What the literature says of such systems",
    "d": "Published models with known answers",
}
