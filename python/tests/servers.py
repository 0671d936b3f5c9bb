"""Servers on raw sockets, for what the simulator does not do."""

from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from typing_extensions import Self


class Server:
    """A server on a port of its own, which handles each connection on a thread."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._handle, args=(connection,), daemon=True).start()

    def _handle(self, connection: socket.socket) -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.close()


class Silent(Server):
    """A server that takes connections and never answers; it notes when a client closes one."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.closed = threading.Event()
        self.closed_at = 0.0
        super().__init__()

    def _handle(self, connection: socket.socket) -> None:
        with connection:
            try:
                while connection.recv(65536):
                    self.asked.set()
            except ConnectionError:
                pass
        self.closed_at = time.monotonic()
        self.closed.set()


class Answering(Server):
    """A server that answers each request with the status that a function of its number from 0 says, and keeps what it was sent."""

    def __init__(self, status: Callable[[int], int]) -> None:
        self.requests: list[dict[str, str]] = []
        self._status = status
        self._one_by_one = threading.Lock()
        super().__init__()

    def _handle(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as head:
            line, *fields = iter(lambda: head.readline().decode().rstrip("\r\n"), "")
            headers = {name.lower(): value for name, _, value in (field.partition(": ") for field in fields)}
            with self._one_by_one:
                status = self._status(len(self.requests))
                self.requests.append({"target": line.split()[1], **headers})
            body = '{"pending_machines": 0, "completed_machines": 3}'
            connection.sendall(
                f"HTTP/1.1 {status} -\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
            )
