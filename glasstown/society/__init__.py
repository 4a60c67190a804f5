"""Who there is: regions, traits, households, ties, behaviours, platforms, services."""
