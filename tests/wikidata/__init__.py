"""Wikidata, asked and linked to."""
