"""Serve: requests for services, and waiting by priority class.

Requests of a citizen in a week are Poisson with the citizen's own rate, by inversion of a table.
Hospitals serve three classes (favoured, normal, delayed) without interruption; the expected wait
of class k is Cobham's (1954, "Priority assignment in waiting line problems", Operations Research
2(1), eq. 3)::

    W_k = W_0 / ((1 - s_{k-1}) (1 - s_k)),   W_0 = rho / mu for exponential service,

with s_k the load of classes 1 to k.
"""

from __future__ import annotations

from glasstown.laws import law


@law
def poisson_count(bits: int, c0: int, c1: int, c2: int, c3: int, c4: int, c5: int) -> int:
    """Return a Poisson count (0 to 6) by inversion; c0 to c5 are its cumulative q32."""
    if bits < c0:
        return 0
    return (
        1 + int(bits >= c1) + int(bits >= c2) + int(bits >= c3) + int(bits >= c4) + int(bits >= c5)
    )


@law
def cobham_wait(load: int, before: int, upto: int, service_seconds: int) -> int:
    """Return the expected wait (seconds) of a class.

    ``load`` is the whole load, ``before`` the load of the classes served earlier and ``upto``
    that including this class, all q16 below 2**16.
    """
    first = service_seconds * load
    return (first << 16) // ((65536 - before) * (65536 - upto))
