"""A week for everyone: draws, state, and the engines that agree to the byte."""
