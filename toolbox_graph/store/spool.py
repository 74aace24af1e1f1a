"""Where does an answer wait that its client takes more slowly than it comes?

Its beginning in memory, the rest in a file without a name. So the worker is free for others as soon as it is done,
whoever reads.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from pathlib import Path
from tempfile import TemporaryFile

IN_MEMORY = 16
"""Pieces of an answer that wait in memory."""


class Room:
    """How many bytes may wait in files, of all answers together."""

    def __init__(self, most: int) -> None:
        self._left = most
        self._news = asyncio.Event()

    async def take(self, size: int) -> None:
        """Wait until there is room, and take it."""
        while self._left < size:
            self._news.clear()
            await self._news.wait()
        self._left -= size

    def give(self, size: int) -> None:
        """Give room back."""
        self._left += size
        self._news.set()


class Spool:
    """The pieces of one answer that have come and were not taken yet."""

    def __init__(self, folder: Path, room: Room) -> None:
        self._folder = folder
        self._room = room
        self._memory: deque[bytes] = deque()
        self._filed: deque[int] = deque()
        self._read = self._written = 0
        self._news = asyncio.Event()
        self._is_ended = False
        self._problem: Exception | None = None

    async def put(self, piece: bytes) -> None:
        """Add a piece; it waits only where there is no room in any file."""
        if self._filed or len(self._memory) >= IN_MEMORY:
            await self._file_away(piece)
        else:
            self._memory.append(piece)
        self._news.set()

    async def _file_away(self, piece: bytes) -> None:
        await self._room.take(len(piece))
        if not self._written:
            self._file = TemporaryFile(dir=self._folder)  # noqa: SIM115  # `close` closes it
        self._file.seek(self._written)
        self._file.write(piece)
        self._written += len(piece)
        self._filed.append(len(piece))

    def end(self, problem: Exception | None = None) -> None:
        """Add no more; after the last piece there is a problem, if there was one."""
        self._problem = problem
        self._is_ended = True
        self._news.set()

    async def pieces(self) -> AsyncGenerator[bytes, None]:
        """Yield the pieces in their order, as they come."""
        while True:
            if self._memory:
                yield self._memory.popleft()
            elif self._filed:
                yield self._fetch(self._filed.popleft())
            elif self._is_ended:
                break
            else:
                self._news.clear()
                await self._news.wait()
        if self._problem:
            raise self._problem

    def _fetch(self, size: int) -> bytes:
        self._file.seek(self._read)
        self._read += size
        return self._file.read(size)

    def close(self) -> None:
        """Give back what was taken; the file grows until then, for to cut off its beginning would cost more."""
        if self._written:
            self._file.close()
            self._room.give(self._written)
            self._written = 0
