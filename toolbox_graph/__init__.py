"""Toolbox Graph: the tools, organizations and use cases of open government as a knowledge graph service."""
