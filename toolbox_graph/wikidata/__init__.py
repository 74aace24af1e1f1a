"""Wikidata as a source of candidates, asked with good manners."""
