"""Servers on raw sockets, for behaviour that the simulator does not have."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from typing_extensions import Self

# How long a test waits for an event before it fails. No assertion depends on it.
LONG = 60.0


class Server:
    """A server on its own port, which handles each connection on a thread."""

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


class SilentServer(Server):
    """A server that accepts connections and never responds. It records when a client closes its connection.

    After `LONG` it closes the connection itself, so that a call that is not cancelled fails instead of blocking the tests.
    """

    def __init__(self) -> None:
        self.received_request = threading.Event()
        self.closed_by_client = threading.Event()
        super().__init__()

    def _handle(self, connection: socket.socket) -> None:
        connection.settimeout(LONG)
        with connection:
            try:
                while connection.recv(65536):
                    self.received_request.set()
            except TimeoutError:
                return
            except ConnectionError:
                pass
        self.closed_by_client.set()


class StatusServer(Server):
    """A server that responds to request number n, from 0, with the HTTP status `status(n)`, and keeps every request."""

    def __init__(self, status: Callable[[int], int], refusal: str = "") -> None:
        """`refusal` is the body where the status is not 200."""
        self.requests: list[dict[str, str]] = []
        self._status = status
        self._refusal = refusal
        self._lock = threading.Lock()
        super().__init__()

    def _handle(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as head, suppress(ConnectionError):
            lines = list(iter(lambda: head.readline().decode().rstrip("\r\n"), ""))
            if not lines or " HTTP/" not in lines[0]:
                # The client closed the connection before it sent a whole request.
                return
            line, *fields = lines
            headers = {name.lower(): value for name, _, value in (field.partition(": ") for field in fields)}
            with self._lock:
                status = self._status(len(self.requests))
                self.requests.append({"target": line.split()[1], **headers})
            body = '{"pending_machines": 0, "completed_machines": 3}' if status == 200 or not self._refusal else self._refusal
            connection.sendall(
                f"HTTP/1.1 {status} -\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
            )
