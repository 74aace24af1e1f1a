"""The catalogue as tools for programs that act for somebody (Model Context Protocol)."""
