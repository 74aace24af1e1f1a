"""The commands with which a curator links the catalogue to Wikidata."""
