"""How is the catalogue served from this machine?"""

import multiprocessing
import os
import resource
import socket
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from toolbox_graph.assembly import Service
from toolbox_graph.errors import Unusable
from toolbox_graph.settings import Settings
from toolbox_graph.web.door import Door

READY_SECONDS = 60.0
"""How long we look whether the service answers, to tell the person."""


HEADER_MILLISECONDS = 5_000
"""How long a client may take to say what it wants."""

END_SECONDS = 15
"""How long answers that are on their way may take when the service is to end."""


def create() -> Door:
    """Return the ASGI application for the settings in the environment."""
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    return Door(Service(Settings.read(os.environ)))


def address(settings: Settings, path: str) -> str:
    """Return the address at which this machine finds a path of the service.

    >>> address(Settings(host="::", port=8080), "/toolbox/")
    'http://[::1]:8080/toolbox/'
    """
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104  # what it listens at
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}{path}"


def serve(settings: Settings, path: str, *, when_ready: Callable[[], None]) -> None:
    """Serve below a path until the process is told to end; call back once the first answer could be had."""
    _require_free(settings.host, settings.port)
    # The server starts its own process, which reads its settings where `create` does.
    os.environ.update(settings.environment())
    _allow_connections()
    # A fork would copy the locks that other threads hold, ours and the engine's, and nobody would ever release them.
    multiprocessing.set_start_method("spawn", force=True)
    threading.Thread(target=_watch, args=(address(settings, f"{path}health"), when_ready), daemon=True).start()
    Server(
        "toolbox_graph.web.serving:create",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        # With both kinds of HTTP a connection that says nothing at all is never closed.
        http=HTTPModes.http1,
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS),
        workers_kill_timeout=END_SECONDS,
        log_level=LogLevels.warning,
    ).serve()


def _end_with(parent: int) -> None:
    """End this process when the one that started it has ended: it would hold the port, and nobody would know."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _allow_connections() -> None:
    """Have as many connections as the system allows: the usual limit is for programs that open some files."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _require_free(host: str, port: int) -> None:
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except (OSError, OverflowError) as problem:
        raise Unusable(f"Port {port} of {host} cannot be had; choose another with --port.") from problem


def _watch(health: str, when_ready: Callable[[], None]) -> None:
    until = time.monotonic() + READY_SECONDS
    # Without a proxy, whatever the environment says: this machine asks itself.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < until:
        with suppress(OSError), opener.open(health, timeout=READY_SECONDS):
            when_ready()
            return
        time.sleep(0.05)
