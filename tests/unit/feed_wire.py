"""A wire between a client and a server of the feed that can be cut, go silent, and be slow."""

from __future__ import annotations

import asyncio
from contextlib import suppress


class Wire:
    """Passes on what each side sends, until it is told to do worse.

    Parameters
    ----------
    port
        Of the server.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.connections = 0
        self.is_silent = False  # it accepts and reads, and passes nothing on
        self.late_s = 0.0  # how long it keeps what the server sends
        self.pieces = 1 << 16  # bytes at once

    async def __aenter__(self) -> str:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self) -> None:
        """Break all connections, without a farewell."""
        for writer in self._open:
            writer.transport.abort()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        there = None
        try:
            reader_there, there = await asyncio.open_connection("127.0.0.1", self._port)
            self._open |= {writer, there}
            ways = [self._pass_on(reader, there), self._pass_on(reader_there, writer, is_answer=True)]
            tasks = [asyncio.create_task(way) for way in ways]
            self._tasks.update(tasks)
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        except OSError:
            pass
        finally:
            for end in filter(None, (writer, there)):
                self._open.discard(end)
                end.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_answer: bool = False) -> None:
        with suppress(ConnectionError):
            while piece := await reader.read(self.pieces):
                if is_answer:
                    await asyncio.sleep(self.late_s)
                if not self.is_silent:
                    writer.write(piece)
                    await writer.drain()
