"""How a graph is kept and asked."""
