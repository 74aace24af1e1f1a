"""What the catalogue says of itself, in its default graph and over HTTP."""
