"""Charts become SVG in a process of their own, so that the memory of V8 is never the run's.

Run as a file (``python -P drawing.py < specs.json > svgs.json``): it imports nothing of Glasstown.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

LONGEST_S = 300


def drawn(specs: list[dict[str, Any]]) -> list[str]:
    """Draw Vega-Lite specifications as SVG.

    Parameters
    ----------
    specs : list of dict
        Specifications with their data inline.

    Returns
    -------
    list of str
        One SVG document each, in the same order.

    Raises
    ------
    RuntimeError
        The drawing process failed; the message is the end of what it said.
    """
    if not specs:
        return []
    done = subprocess.run(
        [sys.executable, "-P", __file__],
        input=json.dumps(specs),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=LONGEST_S,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(
            f"the charts could not be drawn (exit status {done.returncode}): {done.stderr[-800:]}"
        )
    svgs: list[str] = json.loads(done.stdout)
    return svgs


def main() -> None:
    """Read specifications from standard input, write drawings to standard output."""
    import vl_convert

    specs = json.load(sys.stdin)
    json.dump(
        [vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]) for spec in specs], sys.stdout
    )


if __name__ == "__main__":
    main()
