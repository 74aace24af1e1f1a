"""How is the catalogue served from this machine?"""

import multiprocessing
import os
import socket
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from toolbox_graph.assembly import Service
from toolbox_graph.errors import Unusable
from toolbox_graph.settings import Settings
from toolbox_graph.web.door import Door

READY_SECONDS = 60.0
"""How long we look whether the service answers, to tell the person."""


def create() -> Door:
    """Return the ASGI application for the settings in the environment."""
    return Door(Service(Settings.read(os.environ)))


def serve(settings: Settings, *, when_ready: Callable[[], None]) -> None:
    """Serve until the process is told to end; call back once the first answer could be had."""
    _require_free(settings.host, settings.port)
    # The server starts its own process, which reads its settings where `create` does.
    os.environ.update(settings.environment())
    # A fork would copy the locks that other threads hold, ours and the engine's, and nobody would ever release them.
    multiprocessing.set_start_method("spawn", force=True)
    threading.Thread(target=_watch, args=(settings, when_ready), daemon=True).start()
    Server(
        "toolbox_graph.web.serving:create",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()


def _require_free(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise Unusable(f"Port {port} of {host} cannot be had; choose another with --port.") from problem


def _watch(settings: Settings, when_ready: Callable[[], None]) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        with suppress(OSError), urllib.request.urlopen(f"http://{settings.host}:{settings.port}/health", timeout=5):
            when_ready()
            return
        time.sleep(0.05)
