"""What does the way to a worker and back take, and nothing else?

That is the least that a service of this make can take: granian reads a request, a worker answers the query, and what it
says is sent, when it is whole. Nobody is limited, nothing is remembered.
"""

import asyncio
import os
from pathlib import Path
from urllib.parse import parse_qsl

from benchmarks.questions import JSON, TURTLE
from toolbox_graph.settings import DEFAULT_BASE, Settings
from toolbox_graph.store.frames import LAST, QUESTION, Frame, Head
from toolbox_graph.store.lanes import Lane
from toolbox_graph.store.processes import Ended, Worker
from toolbox_graph.web.connection import Receive, Scope, Send

ASKED = {"base": DEFAULT_BASE, "dataset": None, "merge": "", "results": JSON, "graph": TURTLE}
"""What is the same of all questions."""

ENOUGH = {"seconds": 60, "bytes": 10**9}


class Hop:
    """An ASGI application that has some workers answer."""

    def __init__(self, data: Path, *, workers: int, megabytes: int) -> None:
        self._data = data
        self._workers = workers
        self._megabytes = megabytes
        self._free: asyncio.Queue[Worker] = asyncio.LifoQueue()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one query, or begin and end."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            [(_, text)] = parse_qsl(scope["query_string"].decode())
            media_type, body = await self._ask(text)
            headers = [(b"content-type", media_type.encode())]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body})

    async def _ask(self, text: str) -> tuple[str, bytes]:
        """Return the media type and the body of an answer."""
        worker = await self._free.get()
        worker.send(QUESTION, {"text": text, **ASKED, **ENOUGH})
        frames: list[Frame] = []
        try:
            await _read(worker, frames)
        except asyncio.CancelledError:
            # The client has left; the worker goes on all the same.
            await _read(worker, frames)
            raise
        except Ended:
            # It kept much memory of what it had answered before.
            worker = await self._started()
            frames.clear()
        finally:
            self._free.put_nowait(worker)
        if not frames:
            return await self._ask(text)
        head, *pieces = frames
        return TURTLE if Head.read(head.payload).form == "graph" else JSON, b"".join(each.payload for each in pieces)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        for _ in range(self._workers):
            self._free.put_nowait(await self._started())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def _started(self) -> Worker:
        """Return a worker that is ready; it ends with this process."""
        worker = Worker(self._data, self._megabytes, Lane.OPEN)
        await worker.connect()
        await worker.receive()
        return worker


async def _read(worker: Worker, frames: list[Frame]) -> None:
    """Take the frames of an answer that have not come yet."""
    while not frames or frames[-1].kind != LAST:
        frames.append(await worker.receive())


def create() -> Hop:
    """Return the application for the settings in the environment."""
    settings = Settings.read(os.environ)
    return Hop(settings.data, workers=settings.workers, megabytes=settings.query_megabytes)
