"""An app that runs on a phone: a page, its files and its service worker, as `script/field` builds them.

The files hold nothing of a tenant. An address that no build knows is answered as text, never as a page:
an app of an older build that still asks for its files must not take HTML for a script.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
    "img-src 'self' blob: data:; media-src blob:; connect-src 'self'; manifest-src 'self'; "
    "worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
A_YEAR = "public, max-age=31536000, immutable"
ASK_ALWAYS = "no-cache"
NOT_BUILT = (
    "手机应用还没有构建，请运行 script/bootstrap\n"
    "The phone app is not built: run script/bootstrap\n"
)
NO_SUCH_FILE = (
    "没有这个文件：应用可能已更新，请刷新 {0}\n"
    "There is no such file: the app may be newer, reload {0}\n"
)


@dataclass(frozen=True)
class BuiltApp:
    """What lies in the folder `dist`, served below `address`."""

    dist: Path
    address: str
    colour: str = "#9e1b1e"

    def built(self) -> dict[str, dict[str, Any]]:
        """What the last build made, by name; empty when there is none."""
        try:
            return _files(self.dist, (self.dist / "files.json").stat().st_mtime)
        except FileNotFoundError:
            return {}

    def file(self, request: HttpRequest, name: str) -> HttpResponse:
        files = self.built()
        if not files:
            return _text(NOT_BUILT, 503)
        entry = files.get(name)
        if entry is None:
            return _text(NO_SUCH_FILE.format(self.address), 404)
        tag = f'"{entry["hash"]}"'
        if request.headers.get("If-None-Match") == tag:
            answer = HttpResponse(status=304)
        else:
            path = self.dist / name
            encoding = _encoding(request, path)
            ending = {"br": ".br", "gzip": ".gz"}.get(encoding, "")
            content = path.with_name(path.name + ending).read_bytes()
            answer = HttpResponse(content, content_type=entry["type"])
            if encoding:
                answer["Content-Encoding"] = encoding
        answer["ETag"] = tag
        answer["Vary"] = "Accept-Encoding"
        answer["Cache-Control"] = A_YEAR if entry["cache"] else ASK_ALWAYS
        answer["Content-Security-Policy"] = POLICY
        answer["X-Content-Type-Options"] = "nosniff"
        return answer

    def page(self, request: HttpRequest) -> HttpResponse:
        return self.file(request, "page.htm")

    def manifest(self, name: str, short: str) -> HttpResponse:
        """What the phone shows when the app is put on its home screen."""
        icons = [
            {
                "src": f"{self.address}icon-{size}.png",
                "sizes": f"{size}x{size}",
                "type": "image/png",
            }
            for size in (192, 512)
        ]
        manifest = {
            "id": self.address,
            "name": name,
            "short_name": short,
            "lang": "zh-Hans",
            "start_url": self.address,
            "scope": self.address,
            "display": "standalone",
            "orientation": "portrait",
            "background_color": "#f4f6f8",
            "theme_color": self.colour,
            "icons": icons,
        }
        answer = JsonResponse(manifest, json_dumps_params={"ensure_ascii": False})
        answer["Content-Type"] = "application/manifest+json"
        answer["Cache-Control"] = ASK_ALWAYS
        return answer


@lru_cache(maxsize=4)
def _files(dist: Path, changed: float) -> dict[str, dict[str, Any]]:
    files: dict[str, dict[str, Any]] = json.loads((dist / "files.json").read_text())["files"]
    return files


def _text(message: str, status: int) -> HttpResponse:
    answer = HttpResponse(message, content_type="text/plain; charset=utf-8", status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _encoding(request: HttpRequest, path: Path) -> str:
    accepted = {
        part.split(";")[0].strip() for part in request.headers.get("Accept-Encoding", "").split(",")
    }
    for name, ending in (("br", ".br"), ("gzip", ".gz")):
        if name in accepted and path.with_name(path.name + ending).exists():
            return name
    return ""
