"""How are past versions of the data opened, and what does that cost whom?

A version that lies ready is opened as it is asked for. One that does not is made again by a process (`rebuilding`), one
at a time, in a bounded time that is charged to the client who asked; who asks for it meanwhile waits as long as a query
may take, and is then told to come back.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from toolbox_graph.assembly import Service
from toolbox_graph.errors import Busy, VersionUnavailable
from toolbox_graph.store.engine import Engine
from toolbox_graph.store.generations import Name
from toolbox_graph.store.journal import Header
from toolbox_graph.store.workers import Pool

MOST_OPEN = 3
"""Past versions that are open at the same time, each with a worker of its own."""

IDLE_SECONDS = 60.0
"""How long one stays open that nobody asks."""

FAILED_SECONDS = 600.0
"""How long a version is not tried again that could not be made."""

BACK_SECONDS = 5
"""When somebody is to come back who could not wait."""


class Opened:
    """A past version that is open, and how many requests it is being asked."""

    def __init__(self, service: Service, beside: Pool) -> None:
        self.service = service
        self.users = 0
        self.left = time.monotonic()
        self._pool = service.pool(beside)
        self._engine = service.engine(self._pool)
        self._starting: asyncio.Task[None] | None = None

    async def engine(self) -> Engine:
        """Return what answers queries about this version; its worker is started when the first comes."""
        if self._starting is None:
            self._starting = asyncio.create_task(self._pool.start())
        await asyncio.shield(self._starting)
        return self._engine

    async def close(self) -> None:
        """End its worker."""
        if self._starting is not None:
            await self._starting
            await self._pool.stop()


class Past:
    """The past versions of a service's data, as far as they are open."""

    def __init__(self, service: Service, present: Pool) -> None:
        self._service = service
        self._present = present
        self._opened: dict[int, Opened] = {}
        self._failed: dict[int, float] = {}
        self._making: tuple[int, asyncio.Task[bool]] | None = None
        self._closing: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def using(self, version: Header, client: str) -> AsyncIterator[Opened]:
        """Keep a past version open as long as a request is answered; raise the refusal where it cannot be had."""
        opened = self._opened.get(version.position) or await self._open(version, client)
        opened.users += 1
        try:
            yield opened
        finally:
            opened.users -= 1
            opened.left = time.monotonic()
            asyncio.get_running_loop().call_later(IDLE_SECONDS, self._tidy)

    async def stop(self) -> None:
        """Close all, and end what is being made."""
        if self._making:
            self._making[1].cancel()
            await asyncio.gather(self._making[1], return_exceptions=True)
        await asyncio.gather(*self._closing, *(opened.close() for opened in self._opened.values()))

    async def _open(self, version: Header, client: str) -> Opened:
        name = Name(version.position, version.start, self._service.model.digest)
        folder = await asyncio.to_thread(self._service.versions.find, name)
        if folder is None:
            await self._made(version, client)
            folder = await asyncio.to_thread(self._service.versions.find, name)
        if folder is None:
            raise _busy(version.position)
        service = await asyncio.to_thread(self._service.at, folder)
        # Somebody else may have opened it meanwhile.
        if version.position not in self._opened:
            self._make_room()
            self._opened[version.position] = Opened(service, self._present)
        return self._opened[version.position]

    async def _made(self, version: Header, client: str) -> None:
        """Wait until a version has been made again, or raise the refusal."""
        position = version.position
        if self._failed.get(position, 0.0) > time.monotonic():
            raise self._unavailable(position)
        if self._making is None or self._making[1].done():
            self._present.budgets.require(client)
            self._making = position, asyncio.create_task(self._make(version, client))
        asked, task = self._making
        if asked != position:
            raise _busy(position)
        await asyncio.wait([task], timeout=self._service.settings.query_seconds)
        if not task.done():
            raise _busy(position)
        if task.cancelled() or not task.result():
            raise self._unavailable(position)

    async def _make(self, version: Header, client: str) -> bool:
        """Make a version again, and return whether that has succeeded; what it takes is charged to its client."""
        settings = self._service.settings
        arguments = (settings.versions, settings.version_seconds, settings.query_megabytes)
        program = [sys.executable, "-P", "-m", "toolbox_graph.rebuilding", str(self._service.folder), str(version.end)]
        begun = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            *program, *map(str, arguments), stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL
        )
        try:
            is_made = await process.wait() == 0
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
            self._present.budgets.charge(client, seconds=time.monotonic() - begun)
        if not is_made:
            self._failed[version.position] = time.monotonic() + FAILED_SECONDS
        return is_made

    def _make_room(self) -> None:
        """Close the versions that nobody asks until another may be opened; raise Busy where all are asked."""
        self._tidy()
        idle = sorted((opened.left, position) for position, opened in self._opened.items() if not opened.users)
        while len(self._opened) >= MOST_OPEN:
            if not idle:
                raise Busy("Other versions of the data are being asked; try again in a moment.", retry_after=1)
            self._close(idle.pop(0)[1])

    def _tidy(self) -> None:
        """Close what nobody has asked for a while."""
        since = time.monotonic() - IDLE_SECONDS
        for position, opened in list(self._opened.items()):
            if not opened.users and opened.left <= since:
                self._close(position)

    def _close(self, position: int) -> None:
        task = asyncio.create_task(self._opened.pop(position).close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    def _unavailable(self, position: int) -> VersionUnavailable:
        seconds = self._service.settings.version_seconds
        return VersionUnavailable(
            f"Version {position} of the data does not lie ready, and cannot be made again here in {seconds:g} s."
            " Whoever has the journal can make it elsewhere.",
            retry_after=int(FAILED_SECONDS),
        )


def _busy(position: int) -> Busy:
    return Busy(
        f"Version {position} of the data is being made again from the journal; ask again in {BACK_SECONDS} s.",
        retry_after=BACK_SECONDS,
    )
