"""A phone's way home in Python: it sends until a signed receipt covers everything, and believes nothing else."""

import hashlib
import http.client
import json
import time

from cryptography.exceptions import InvalidSignature

PIECE = 256 * 1024


class NoAnswer(Exception):
    """Nothing came, or nothing of ours."""


class Sync:
    """Hands in what `phone` has written, and `files` by hash, over HTTP at `port` for `host`."""

    def __init__(self, phone, host, port, files=(), patience=1.5):
        self.phone, self.host, self.port, self.patience = phone, host, port, patience
        self.files = {hashlib.sha256(each).hexdigest(): each for each in files}
        self.receipt = None  # the body of the last one
        self.token = phone.token
        self.tries = self.unanswered = 0
        self.acknowledged = set()  # hashes of events that a receipt or a result has covered

    def ask(self, method, path, content=b"", **headers):
        """(status, headers, body) of an answer of ours."""
        self.tries += 1
        headers |= {"Host": f"{self.host}:{self.port}", "Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience)
        try:
            link.request(method, f"/api/field/v1/{path}", content, headers)
            answer = link.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer from error
        finally:
            link.close()
        if answer.headers.get("X-Trainbase") != "field/1":
            raise NoAnswer
        if answer.status == 401:
            self.token = ""  # anybody may hand in; nothing is deleted
            raise NoAnswer
        if answer.status >= 500 or answer.status == 429:
            raise NoAnswer
        return answer.status, answer.headers, body

    def missing(self):
        """The events that no receipt covers."""
        if self.receipt is None:
            return self.phone.events
        known, gaps = self.receipt["highest"], self.receipt["gaps"]
        return [
            event
            for seq, event in enumerate(self.phone.events, 1)
            if seq > known or any(first <= seq <= last for first, last in gaps)
        ]

    def send(self, most=100):
        """One batch of what is missing, or an empty one for a new receipt."""
        events = self.missing()[:most]
        sent = {"device": self.phone.uuid, "head": self.phone.head, "events": events}
        _, _, body = self.ask("POST", "batches", json.dumps(sent).encode())
        try:
            said = json.loads(body)
            self.believe(said["receipt"])
        except (ValueError, TypeError, KeyError, InvalidSignature) as error:
            raise NoAnswer from error
        for result in said["results"]:
            if result["result"] in ("stored", "duplicate"):
                self.acknowledged.add(result["hash"])

    def believe(self, signed):
        found = self.phone.believes(signed)
        if found["device"] != self.phone.uuid:
            raise NoAnswer
        self.receipt = found

    def send_file(self, name):
        content = self.files[name]
        status, headers, _ = self.ask("HEAD", f"blobs/{name}")
        if status == 200:
            return
        start = int(headers["Upload-Offset"])
        while start < len(content):
            piece = content[start : start + PIECE]
            said = f"bytes {start}-{start + len(piece) - 1}/{len(content)}"
            status, _, body = self.ask("PUT", f"blobs/{name}", piece, **{"Content-Range": said})
            try:
                found = json.loads(body)
                start = len(content) if found.get("state") == "stored" else found["offset"]
            except (ValueError, TypeError, KeyError) as error:
                raise NoAnswer from error

    @property
    def is_home(self):
        found = self.receipt
        return bool(
            found
            and found["contiguous"] == len(self.phone.events)
            and not found["gaps"]
            and not found["missing_blobs"]
        )

    def until_home(self, seconds=60, most=100):
        """Go on until everything has arrived; False when that takes longer."""
        ends = time.monotonic() + seconds
        while not self.is_home:
            if time.monotonic() > ends:
                return False
            try:
                self.send(most)
                for name in self.receipt["missing_blobs"]:
                    self.send_file(name)
                if not self.is_home:
                    self.send(most)
            except NoAnswer:
                self.unanswered += 1
                time.sleep(0.02)
        return True
