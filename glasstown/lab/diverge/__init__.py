"""Diverge: where two runs part first, field by field, and by which decision of which citizen."""
