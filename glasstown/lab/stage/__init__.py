"""The stage: a sample of citizens followed week by week, so that a country can be watched."""
