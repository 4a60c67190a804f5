"""Speak: the stance a citizen voices: praise, silence or criticism.

Kuran 1991 ("Now out of never", World Politics 44(1)): a preference is voiced when the integrity
kept outweighs the reputation lost; Granovetter 1978: others who voice it lower the threshold.
With opinion o (0 opposed, 255 in favour), boldness b, caution c, and ties n+ and n- that voice
praise and criticism last week::

    criticise: (128 - o) + b/4 + k (n- - n+) - f c - cost  > 48
    praise:    (o - 128)       + k (n+ - n-) + g c + pays  > 48

The larger of those that pass is voiced; criticism needs private opposition, praise may be false.
The threshold 48 is the effort of speaking at all (assumed). A critic whose resolve::

    (128 - o) + b/2 - f c - cost

passes a second, higher threshold also calls others to come together (mobilises): criticism and
mobilisation are different acts (King, Pan and Roberts 2013, FACTS T19).
"""

from __future__ import annotations

from glasstown.laws import law

SILENCE, PRAISE, CRITICISM = range(3)
EFFORT = 48


@law
def stance(
    opinion: int, boldness: int, caution: int, praising: int, critical: int, conformity_q8: int,
    fear_q8: int, praise_from_fear_q8: int, praise_pays: int, criticism_costs: int,
) -> int:  # fmt: skip
    """Return SILENCE, PRAISE or CRITICISM.

    ``opinion``, ``boldness`` and ``caution`` are 0 to 255, ``praising`` and ``critical`` count
    ties, the q8 are weights times 256, the last two are points of opinion.
    """
    peers = ((critical - praising) * conformity_q8) >> 8
    criticise = (
        (128 - opinion) + (boldness >> 2) + peers - ((caution * fear_q8) >> 8) - criticism_costs
    )
    praise = (opinion - 128) - peers + ((caution * praise_from_fear_q8) >> 8) + praise_pays
    # Arithmetic, not branches: what somebody says is the least foreseeable thing of the week.
    is_critic = int(opinion < 128) & int(criticise > EFFORT) & int(criticise >= praise)
    return is_critic * CRITICISM + (1 - is_critic) * int(praise > EFFORT) * PRAISE


@law
def mobilises(
    opinion: int, boldness: int, caution: int, fear_q8: int, costs: int, above: int
) -> int:
    """Return 1 for a critic who also calls others to come together."""
    resolve = (128 - opinion) + (boldness >> 1) - ((caution * fear_q8) >> 8) - costs
    return int(resolve > above)


@law
def is_unheard(
    online: int, stance_is_mobilising: int, bits: int, hides_criticism: int,
    hides_mobilisation: int,
) -> int:  # fmt: skip
    """Return 1 for a speaker whom ties online don't hear: offline, or hidden by the platform.

    ``bits`` and the probabilities are q16.
    """
    hides = hides_mobilisation if stance_is_mobilising == 1 else hides_criticism
    return int(online == 0) | int(bits < hides)
