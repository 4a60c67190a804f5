"""Questions to the laboratory: run, describe, and what was found."""
