"""Which Glasstown this is."""

from __future__ import annotations

from importlib import metadata


def version() -> str:
    """Return the version of the installed package."""
    try:
        return metadata.version("glasstown")
    except metadata.PackageNotFoundError:
        return "not installed"
