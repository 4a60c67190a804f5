"""Puts this folder on the path of every test, so that all can use `countries`."""
