"""The ASGI door, for those who start their server themselves.

`TOOLBOX_DATA=toolbox-data granian --interface asgi --factory server:create`
"""

from toolbox_graph.web.serving import create

__all__ = ["create"]
