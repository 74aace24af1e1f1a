"""Which thing is meant by a name, an address or an identifier that somebody else wrote."""
