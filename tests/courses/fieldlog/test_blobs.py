"""A photo arrives whole or is asked for again, however it came."""

import contextlib
import hashlib
import io
import os
import random
import resource
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from PIL import Image, PngImagePlugin

from courses.fieldlog.models import Blob
from courses.fieldlog.services import blobs
from lms.plugin.testing import inside
from tenants.storage import PrivateStorage
from tenants.uploads import kept_file

PIECE = 256 * 1024


def photo(side=64, kind="JPEG", **options):
    buffer = io.BytesIO()
    Image.new("RGB", (side, side), "navy").save(buffer, kind, **options)
    return buffer.getvalue()


def noise(size, seed=1):
    """A file of `size` bytes that no two tests share."""
    return random.Random(seed).randbytes(size)


def name_of(content):
    return hashlib.sha256(content).hexdigest()


def named(line, phone, content):
    """An event that names the file has arrived."""
    name = name_of(content)
    phone.say("photo", [name], session=1, image=name, note="")
    line.send(phone)
    return name


def put(line, name, content, start=None, total=None):
    """(status, the answer) of one piece, or of the whole without `start`."""
    said = {}
    if start is not None:
        end = start + len(content) - 1
        said = {"HTTP_CONTENT_RANGE": f"bytes {start}-{end}/{total}"}
    answer = line.ask("PUT", f"blobs/{name}", content, **said)
    return answer.status_code, answer.json()


def head(line, name):
    answer = line.ask("HEAD", f"blobs/{name}")
    return answer.status_code, answer.headers.get("Upload-Offset")


def missing(line, phone):
    return phone.believes(line.send(phone, [])["receipt"])["missing_blobs"]


def time_goes_by():
    """Long enough for the server to look at the disk again."""
    with inside("north"):
        cache.clear()


def path_of(name):
    with inside("north"):
        return Path(PrivateStorage().path(Blob(hash=name).path))


def test_a_small_photo_arrives_whole_and_again_without_harm(line, phone):
    content = photo()
    name = named(line, phone, content)
    assert missing(line, phone) == [name]
    assert head(line, name) == (404, "0")
    for _ in range(2):
        assert put(line, name, content) == (200, {"state": "stored"})
    assert head(line, name) == (200, None)
    assert missing(line, phone) == []
    assert path_of(name).read_bytes() == content


def test_a_large_one_comes_in_pieces_and_goes_on_where_it_was_cut(line, phone):
    content = noise(600_000)
    name = named(line, phone, content)
    assert put(line, name, content[:PIECE], 0, 600_000) == (
        202,
        {"state": "partial", "offset": PIECE},
    )
    assert head(line, name) == (404, str(PIECE))
    status, said = put(line, name, content[2 * PIECE :], 2 * PIECE, 600_000)
    assert (status, said["offset"]) == (409, PIECE)
    for _ in range(2):  # the answer to the first may have been lost
        put(line, name, content[PIECE : 2 * PIECE], PIECE, 600_000)
    assert missing(line, phone) == [name]
    assert put(line, name, content[2 * PIECE :], 2 * PIECE, 600_000)[1] == {"state": "stored"}
    assert path_of(name).read_bytes() == content


def test_pieces_may_overlap_but_never_leave_a_hole(line, phone):
    content = noise(500_000, 2)
    name = named(line, phone, content)
    put(line, name, content[:200_000], 0, 500_000)
    assert put(line, name, content[100_000:350_000], 100_000, 500_000)[1]["offset"] == 350_000
    assert put(line, name, content[350_001:], 350_001, 500_000)[0] == 409
    assert put(line, name, content[300_000:], 300_000, 500_000)[0] == 200
    assert path_of(name).read_bytes() == content


def test_what_is_not_what_its_name_says_is_thrown_away_and_can_be_sent_again(line, phone):
    content = photo()
    name = named(line, phone, content)
    status, said = put(line, name, content[:-1] + b"x")
    assert (status, said["error"]["code"], said["offset"]) == (422, "hash_mismatch", 0)
    assert head(line, name) == (404, "0")
    assert missing(line, phone) == [name]
    assert put(line, name, content)[0] == 200


def test_a_wrong_beginning_does_not_keep_the_right_file_out(line, phone):
    content = noise(300_000, 3)
    name = named(line, phone, content)
    put(line, name, b"x" * PIECE, 0, 300_000)
    assert put(line, name, content[PIECE:], PIECE, 300_000)[0] == 422
    assert put(line, name, b"y" * PIECE, 0, 999_999)[0] == 202  # of another length
    status, said = put(line, name, content[PIECE:], PIECE, 300_000)
    assert (status, said["offset"]) == (409, 0)
    put(line, name, content[:PIECE], 0, 300_000)
    assert put(line, name, content[PIECE:], PIECE, 300_000)[0] == 200


def test_a_file_that_no_event_names_is_not_taken(line, phone):
    status, said = put(line, name_of(b"x"), b"x")
    assert (status, said["error"]["code"]) == (403, "blob_not_named")
    with inside("north"):
        assert not Blob.objects.exists()


def test_an_event_of_one_base_opens_no_other_base_for_its_file(line, phone):
    content = photo()
    name = named(line, phone, content)
    south = type(line)("south")
    assert put(south, name, content)[0] == 403
    put(line, name, content)
    assert head(south, name) == (404, "0")


@pytest.mark.parametrize("name", ["x", "A" * 64, "0" * 63, "%2e%2e%2f" * 8, "é" * 64])
def test_a_name_that_is_no_hash_names_no_file(line, name):
    assert line.ask("PUT", f"blobs/{name}", b"x").status_code in (403, 404)
    assert line.ask("HEAD", f"blobs/{name}").status_code == 404


@pytest.mark.parametrize(
    "said",
    ["bytes 0-9/5", "bytes -1-0/1", "bytes 0-/1", "x", "bytes 5-0/9", "bytes ٠-٠/١"],
)
def test_a_range_that_is_none_is_refused_with_what_to_do(line, phone, said):
    name = named(line, phone, b"x")
    answer = line.ask("PUT", f"blobs/{name}", b"x", HTTP_CONTENT_RANGE=said)
    assert answer.status_code in (409, 422)
    assert answer.json()["error"]["zh"]
    assert put(line, name, b"x")[0] == 200


def test_fifty_megabytes_are_refused_whole_and_in_pieces(line, phone):
    content = noise(50, 4)
    name = named(line, phone, content)
    huge = b"\0" * 50_000_000
    assert put(line, name, huge)[0] == 413
    assert put(line, name, b"\0" * PIECE, 0, len(huge))[0] == 413
    answer = line.ask("POST", "batches", huge)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "batch_too_large")
    assert put(line, name, content)[0] == 200


def bomb():
    """A PNG of 40,000 x 40,000 pixels in a few bytes."""
    small = bytearray(photo(8, "PNG"))
    small[16:24] = (40_000).to_bytes(4, "big") * 2
    return bytes(small)


@pytest.mark.parametrize(
    "content",
    [
        b"no photo",
        b"<html><script>alert(1)</script>",
        b"GIF89a" + b"\0" * 50,
        photo(kind="GIF"),
        b"GIF89a/*" + photo() + b"*/=alert(1)",
        photo()[:400],
        bomb(),
    ],
    ids=["text", "html", "gif", "real-gif", "polyglot", "cut", "bomb"],
)
def test_what_is_no_photo_is_kept_as_it_came_and_never_shown(line, phone, content):
    name = named(line, phone, content)
    assert put(line, name, content)[0] == 200
    assert path_of(name).read_bytes() == content
    with inside("north"):
        found = Blob.objects.get(hash=name)
        assert found.is_picture is False
        with pytest.raises(ValidationError):
            blobs.shown(found)


def test_what_is_shown_of_a_photo_holds_no_position_and_no_second_file(line, phone):
    exif = Image.Exif()
    exif[0x010E] = "a secret place"
    exif.get_ifd(0x8825)[2] = (42.0, 54.0, 1.0)  # GPSLatitude
    content = photo(exif=exif) + b"<script>alert(1)</script>"
    name = named(line, phone, content)
    put(line, name, content)
    with inside("north"):
        shown = blobs.shown(Blob.objects.get(hash=name))
    assert Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825)
    assert not Image.open(io.BytesIO(shown)).getexif()
    assert b"secret" not in shown and b"script" not in shown
    assert hashlib.sha256(path_of(name).read_bytes()).hexdigest() == name


@pytest.mark.parametrize(
    ("kind", "hidden"),
    [("JPEG", {"comment": b"a secret place"}), ("PNG", {"pnginfo": "a secret place"})],
)
def test_what_is_shown_of_a_photo_holds_no_remark_of_whoever_took_it(line, phone, kind, hidden):
    if "pnginfo" in hidden:
        hidden = {"pnginfo": PngImagePlugin.PngInfo()}
        hidden["pnginfo"].add_text("comment", "a secret place")
    content = photo(kind=kind, **hidden, dpi=(311, 311), icc_profile=b"a secret profile")
    name = named(line, phone, content)
    assert put(line, name, content)[0] == 200
    with inside("north"):
        shown = blobs.shown(Blob.objects.get(hash=name))
    kept, _suffix = kept_file(content)
    assert b"secret" in content
    for each in (shown, kept):
        assert b"secret" not in each
        assert "dpi" not in Image.open(io.BytesIO(each)).info


@pytest.mark.parametrize("left", [PIECE + 5000, PIECE - 5000, 0, None])
def test_a_server_that_died_between_two_pieces_goes_on(line, phone, left):
    """The file is longer than the row says, shorter, empty, or gone."""
    content = noise(600_000, 5)
    name = named(line, phone, content)
    put(line, name, content[:PIECE], 0, len(content))
    path = path_of(name)
    if left is None:
        path.unlink()
    else:
        os.truncate(path, left) if left < PIECE else path.write_bytes(noise(left, 6))
        if left > PIECE:  # the bytes that the row vouches for are the right ones
            with open(path, "r+b") as file:
                file.write(content[:PIECE])
    begins = int(head(line, name)[1])
    assert begins == min(PIECE, left or 0)
    while begins < len(content):
        status, said = put(line, name, content[begins : begins + PIECE], begins, len(content))
        begins = said.get("offset", len(content))
    assert status == 200
    assert path.read_bytes() == content


@contextlib.contextmanager
def disk_of(size):
    """Files of this process cannot grow beyond `size` bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_is_full_keeps_what_was_acknowledged_and_goes_on_when_it_has_room(line, phone):
    content = noise(600_000, 8)
    name = named(line, phone, content)
    assert put(line, name, content[:PIECE], 0, len(content))[0] == 202
    with disk_of(PIECE + 1000):
        answer = line.ask(
            "PUT", f"blobs/{name}", content[PIECE : 2 * PIECE],
            HTTP_CONTENT_RANGE=f"bytes {PIECE}-{2 * PIECE - 1}/{len(content)}",
        )  # fmt: skip
        assert answer.status_code == 507
        assert answer["X-Trainbase"] == "field/1", "the phone says what it is, and keeps the photo"
        assert answer.json()["error"]["code"] == "disk_full"
        phone.say("note", session=None, text="其他记录照收")
        assert line.send(phone)["results"][-1]["result"] == "stored"
    assert head(line, name) == (404, str(PIECE))
    assert missing(line, phone) == [name]
    for begins in (PIECE, 2 * PIECE):
        status, _ = put(line, name, content[begins : begins + PIECE], begins, len(content))
    assert status == 200
    assert path_of(name).read_bytes() == content


def test_a_file_that_is_gone_from_a_restored_server_is_asked_for_again(line, phone):
    content = photo()
    name = named(line, phone, content)
    put(line, name, content)
    path_of(name).unlink()
    time_goes_by()
    assert missing(line, phone) == [name]
    assert head(line, name) == (404, "0")
    assert put(line, name, content)[0] == 200
    assert missing(line, phone) == []


def test_not_every_batch_looks_for_every_file_on_the_disk(line, phone, monkeypatch):
    contents = [noise(500, seed) for seed in range(20, 24)]
    for content in contents:
        put(line, named(line, phone, content), content)
    time_goes_by()
    looked = []
    look = blobs._bytes_here
    monkeypatch.setattr(blobs, "_bytes_here", lambda blob: looked.append(blob) or look(blob))
    assert missing(line, phone) == []
    assert len(looked) == 4
    for _ in range(5):
        assert missing(line, phone) == []
    assert len(looked) == 4
    path_of(name_of(contents[0])).unlink()
    time_goes_by()
    assert missing(line, phone) == [name_of(contents[0])] == missing(line, phone)
    put(line, name_of(contents[0]), contents[0])
    assert missing(line, phone) == []  # what was missing is looked for each time


def test_two_that_send_the_same_file_at_once_leave_one(lasting):
    line, phone = lasting, lasting.enrol()
    content = noise(700_000, 7)
    name = named(line, phone, content)

    def send(seed):
        draw, begins = random.Random(seed), 0
        try:
            while begins < len(content):
                piece = content[begins : begins + draw.randrange(50_000, PIECE)]
                _, said = put(type(line)("north"), name, piece, begins, len(content))
                begins = said.get("offset", len(content))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send, range(4)))
    assert path_of(name).read_bytes() == content
    assert missing(line, phone) == []
