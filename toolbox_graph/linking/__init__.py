"""The catalogue's links to Wikidata: proposed, decided, published, checked."""
