"""Tests of what the catalogue says of itself."""
