"""Secrets of this installation: from the environment, or a file in `var/` that is made once."""

import base64
import json
import os
import secrets
from pathlib import Path


class KeysMissing(RuntimeError):
    """Production runs without keys in the environment."""


def load(var: Path, production: bool) -> tuple[str, str, dict[str, bytes]]:
    """Return (SECRET_KEY, id of the current master key, master keys by id: 32 bytes each).

    TRAINBASE_MASTER_KEYS is `id:base64,id:base64`; the first is current. Without the environment
    a demo installation makes its own keys; losing that file loses the resident IDs.
    """
    secret, listed = os.environ.get("SECRET_KEY"), os.environ.get("TRAINBASE_MASTER_KEYS")
    if not (secret and listed):
        if production:
            raise KeysMissing("Set SECRET_KEY and TRAINBASE_MASTER_KEYS. 请设置这两个环境变量。")
        kept = _kept(var / "keys.json")
        secret, listed = secret or kept["secret"], listed or kept["master"]
    pairs = dict(entry.split(":", 1) for entry in listed.split(","))
    keys = {key_id: base64.b64decode(text) for key_id, text in pairs.items()}
    if any(len(key) != 32 for key in keys.values()):
        raise KeysMissing("Every master key must be 32 bytes, base64. 主密钥须为 32 字节。")
    return secret, next(iter(keys)), keys


def _kept(path: Path) -> dict[str, str]:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = {
            "secret": secrets.token_urlsafe(48),
            "master": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        }
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(made, file)
        try:
            os.link(draft, path)  # the first of two starters wins, and neither sees half a file
        except FileExistsError:
            pass
        draft.unlink()
    return dict(json.loads(path.read_text()))
