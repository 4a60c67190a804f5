"""The stock scripts (Vega, Vega-Lite, Vega-Embed), bundled from what is installed; no network.

Bundling takes seconds and hundreds of megabytes, so it is done in a process of its own, once for
each version, and kept in the user's cache.

Run as a file (``python -P stock.py > vega.js``): it imports nothing of Glasstown.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import subprocess
import sys
import tempfile
import threading
from functools import cache
from importlib import metadata
from pathlib import Path

LONGEST_S = 120
EXPORTS = "export { vegaEmbed, vega, vegaLite };"
_LOCK = threading.Lock()


def vega() -> bytes:
    """Return one ES module that exports ``vegaEmbed``, ``vega`` and ``vegaLite``, gzipped.

    Raises
    ------
    RuntimeError
        It can't be bundled.
    """
    with _LOCK:
        return _vega()


@cache
def _vega() -> bytes:
    kept = _kept()
    if kept is not None:
        with contextlib.suppress(OSError):
            return kept.read_bytes()
    packed = gzip.compress(_bundled(), 9, mtime=0)
    if kept is not None:
        with contextlib.suppress(OSError):
            _write(kept, packed)
    return packed


def _bundled() -> bytes:
    done = subprocess.run(
        [sys.executable, "-P", __file__], capture_output=True, timeout=LONGEST_S, check=False
    )
    if done.returncode:
        raise RuntimeError(f"the scripts for charts can't be bundled: {done.stderr[-800:]!r}")
    return done.stdout


def _kept() -> Path | None:
    """Return where the bundle is kept; None where nothing can be."""
    version = metadata.version("vl-convert-python")
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = base / "glasstown" / "scripts"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder / f"vega-{version}.js.gz"


def _write(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".vega-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.replace(name, path)


def main() -> None:
    """Write the bundle to standard output."""
    import vl_convert

    sys.stdout.write(vl_convert.javascript_bundle(EXPORTS))


if __name__ == "__main__":
    main()
