"""A proxy in front of a base's web server that does to requests what villages, portals and crashes do."""

import contextlib
import socket
import struct
import threading
import time

#: What may happen to a request. "none" lets it through.
FAULTS = (
    "store_then_drop",  # the server has it, the phone hears nothing
    "drop_then_store",  # the phone's connection ends first, the server gets it later
    "lost",  # nobody gets it
    "half_request",  # the server gets a half, and the end of the connection
    "half_answer",  # the phone gets a half
    "error",  # 500 from somebody in between
    "hang",  # nothing, until the phone gives up
    "portal",  # 200 and a page of HTML
    "portal_json",  # 200 and JSON that is none of ours
    "unauthorised",  # 401, as if the token were over
    "slow",  # byte by byte, so to say
    "stale",  # the answer to an earlier request
)
PORTAL = b"<html><body>Please sign in to the village Wi-Fi</body></html>"
TOKEN_OVER = b'{"error": {"code": "token_unknown", "zh": "x", "en": "x"}}'


def answer(status, kind, body, more=b""):
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n".encode()
    return head + more + b"Connection: close\r\n\r\n" + body


MADE_UP = {
    "error": answer("500 Oops", "text/html", b"<h1>Server Error</h1>"),
    "portal": answer("200 OK", "text/html", PORTAL),
    "portal_json": answer("200 OK", "application/json", b'{"results": [], "receipt": null}'),
    "unauthorised": answer(
        "401 Unauthorized", "application/json", TOKEN_OVER, b"X-Trainbase: field/1\r\n"
    ),
}


class FaultProxy:
    """`choose(first line of the request)` says what happens to it; `seen` is what has happened."""

    def __init__(self, target, choose=lambda line: "none"):
        self.target, self.choose, self.seen = target, choose, []
        self.before = None  # the last whole answer
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self):
        self.listener.close()

    def _listen(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with contextlib.suppress(OSError), client:
            client.settimeout(20)
            request = _whole(client)
            if not request:
                return
            line = request.split(b"\r\n", 1)[0].decode("latin-1")
            fault = self.choose(line)
            self.seen.append((fault, line))
            self._act(fault, client, request)

    def _act(self, fault, client, request):
        if fault in MADE_UP:
            client.sendall(MADE_UP[fault])
        elif fault == "store_then_drop":
            self._ask(request)
            _reset(client)
        elif fault == "drop_then_store":
            _reset(client)
            time.sleep(0.3)
            self._ask(request)
        elif fault == "lost":
            _reset(client)
        elif fault == "half_request":
            self._ask(request, len(request) // 2)
            _reset(client)
        elif fault == "half_answer":
            found = self._ask(request)
            client.sendall(found[: len(found) // 2])
        elif fault == "hang":
            client.settimeout(30)
            client.recv(1)  # until the other side has had enough
        elif fault == "stale" and self.before:
            client.sendall(self.before)
        elif fault == "slow":
            found = self._ask(request, step=max(1, len(request) // 5))
            for start in range(0, len(found), max(1, len(found) // 5)):
                client.sendall(found[start : start + max(1, len(found) // 5)])
                time.sleep(0.02)
        else:
            self.before = self._ask(request)
            client.sendall(self.before)

    def _ask(self, request, length=None, step=None):
        """The server's answer; to the first `length` bytes only, or to pieces of `step`."""
        with socket.create_connection(self.target, timeout=20) as server:
            for start in range(0, len(request), step or len(request)):
                server.sendall(
                    request[start : min(start + (step or len(request)), length or 2**40)]
                )
                if step:
                    time.sleep(0.02)
            if length is not None:
                server.shutdown(socket.SHUT_WR)
            found = b""
            while more := server.recv(65536):
                found += more
            return found


def _whole(client):
    """One request with its body, told to end its connection; empty when none comes."""
    found = b""
    while b"\r\n\r\n" not in found:
        more = client.recv(65536)
        if not more:
            return b""
        found += more
    head, body = found.split(b"\r\n\r\n", 1)
    lines = [each for each in head.split(b"\r\n") if not each.lower().startswith(b"connection:")]
    sizes = [each for each in lines if each.lower().startswith(b"content-length:")]
    size = int(sizes[0].split(b":")[1]) if sizes else 0
    while len(body) < size:
        more = client.recv(65536)
        if not more:
            return b""
        body += more
    return b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n" + body


def _reset(client):
    """End the connection as a lost signal does: not even an orderly end."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
