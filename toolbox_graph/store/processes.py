"""How does the service hold a worker process?"""

import asyncio
import math
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Mapping
from pathlib import Path

from toolbox_graph.store.frames import Frame, pack, split
from toolbox_graph.store.lanes import Lane

NICENESS = {Lane.OPEN: 10, Lane.SHORT: 0}
"""How far the workers stand behind other processes; what is short holds nobody up."""


AHEAD = 2
"""Frames that are kept for whoever takes them."""


class Ended(Exception):
    """A worker ended where an answer was due."""

    def __init__(self, code: int) -> None:
        super().__init__(f"a worker ended with {code}")
        self.code = code


class Worker(asyncio.Protocol):
    """A worker process, and the socket to it."""

    def __init__(self, data: Path, megabytes: int, lane: Lane) -> None:
        self.lane = lane
        self._socket, theirs = socket.socketpair()
        with theirs:
            descriptor = theirs.fileno()
            arguments = (descriptor, data, megabytes, NICENESS[lane])
            program = [sys.executable, "-P", "-m", "toolbox_graph.store.worker", *map(str, arguments)]
            quiet = subprocess.DEVNULL
            self._process = subprocess.Popen(program, pass_fds=[descriptor], stdin=quiet, stdout=quiet)
        self._received = bytearray()
        self._frames: deque[Frame] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._is_over = False

    async def connect(self) -> None:
        """Be ready to talk; what is sent waits for the worker if that is still starting."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_unix_connection(lambda: self, sock=self._socket)

    def data_received(self, data: bytes) -> None:
        """Take what the worker sends; what nobody takes on waits in the socket."""
        self._received += data
        self._frames.extend(split(self._received))
        if len(self._frames) > AHEAD:
            self._transport.pause_reading()
        if self._frames:
            self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that the worker says no more."""
        self._is_over = True
        self._wake()

    @property
    def is_alive(self) -> bool:
        """Whether the process is still there."""
        return not self._is_over and self._process.poll() is None

    def kill(self) -> None:
        """End the process, and leave the rest to whoever waits for it."""
        self._process.kill()

    def send(self, kind: bytes, payload: Mapping[str, object]) -> None:
        """Send a frame."""
        self._transport.write(pack(kind, payload))

    async def receive(self, seconds: float = math.inf) -> Frame:
        """Return the next frame; raise Ended where there is none, TimeoutError where it is not there in time."""
        if not self._frames and not self._is_over:
            await self._wait(seconds)
        if not self._frames:
            raise Ended(await asyncio.to_thread(self._process.wait))
        frame = self._frames.popleft()
        if not self._frames:
            self._transport.resume_reading()
        return frame

    async def _wait(self, seconds: float) -> None:
        """Wait for a frame or the end; `asyncio.timeout` takes some times as long, and each query waits here."""
        loop = asyncio.get_running_loop()
        self._waiter = loop.create_future()
        alarm = loop.call_later(seconds, self._wake, TimeoutError()) if seconds < math.inf else None
        try:
            await self._waiter
        finally:
            if alarm:
                alarm.cancel()

    def _wake(self, problem: TimeoutError | None = None) -> None:
        """Let whoever waits go on, or tell them a problem."""
        if self._waiter and not self._waiter.done():
            self._waiter.set_exception(problem) if problem else self._waiter.set_result(None)

    async def end(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._transport.close()
        await asyncio.to_thread(self._process.wait)
