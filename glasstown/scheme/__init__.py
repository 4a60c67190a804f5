"""What the state does: declaration, catalogue of schemes, compilation to integer tables."""
