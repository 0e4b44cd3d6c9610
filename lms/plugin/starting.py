"""Make the distribution of a new plugin, which runs and is tested as it is."""

import keyword
import re
import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.migrations.loader import MigrationLoader

from tenants.plugins.checks import addresses_taken
from tenants.plugins.discover import NAME, NAME_WANTED

TEMPLATE = Path(__file__).parent / "template"
LICENSE = settings.ROOT / "LICENSE"
SUFFIX = "-tpl"
WORD = re.compile(r"@([A-Z]+)@")


def make(name: str, folder: Path) -> list[Path]:
    """The files, under `folder`, which is there complete or not at all. Raises ValidationError."""
    check_name(name)
    folder = folder.absolute()
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise ValidationError(
            f"{folder} 已存在且不是空文件夹，请换一个 / {folder} exists and is no empty folder:"
            " choose another"
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise ValidationError(
            f"不能写入 {folder.parent}：{error} / cannot write to {folder.parent}: {error}"
        ) from error
    try:
        made = _write(name, draft)
        draft.chmod(0o755)
        draft.replace(folder)  # also in the place of an empty folder
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return sorted(folder / path for path in made)


def check_name(name: str) -> None:
    """Raises ValidationError unless a plugin of this name could be installed here."""
    if not NAME.fullmatch(name):
        raise ValidationError(f"{name}: {NAME_WANTED}")
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        raise ValidationError(f"{name} 是 Python 的关键字 / {name} is a word of Python's own")
    if name in {plugin.name for plugin in (*settings.PLUGINS, *settings.BAD_PLUGINS)}:
        raise ValidationError(
            f"已经装有插件 {name}，请换一个名称 / a plugin {name} is installed: choose another name"
        )
    core = {app.name.rpartition(".")[2] for app in apps.get_app_configs()}
    if name in core | set(apps.app_configs) | addresses_taken():
        raise ValidationError(
            f"名称 {name} 是系统自己的，请换一个 / the core has the name {name}: choose another"
        )
    if find_spec(f"trainbase_{name}") is not None:
        raise ValidationError(
            f"已经有模块 trainbase_{name}，请换一个名称 / there is a module trainbase_{name}:"
            " choose another name"
        )


def _write(name: str, folder: Path) -> list[Path]:
    words = _words(name)
    made = []
    for path in sorted(TEMPLATE.rglob(f"*{SUFFIX}")):
        relative = str(path.relative_to(TEMPLATE)).removesuffix(SUFFIX)
        relative = relative.replace("PACKAGE", words["PACKAGE"]).replace("NAME", name)
        target = folder / {"gitignore": ".gitignore"}.get(relative, relative)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8")
        target.write_text(WORD.sub(lambda found: words[found[1]], text), encoding="utf-8")
        made.append(target.relative_to(folder))
    shutil.copyfile(LICENSE, folder / "LICENSE")
    return [*made, Path("LICENSE")]


def _words(name: str) -> dict[str, str]:
    major, minor = (int(part) for part in settings.VERSION.split(".")[:2])
    slug = name.replace("_", "-").strip("-")
    graph = MigrationLoader(None).graph
    return {
        "NAME": name,
        "CLASS": "".join(part.capitalize() for part in name.split("_")),
        "SLUG": slug,
        "PACKAGE": f"trainbase_{name}",
        "DIST": f"trainbase-{slug}",
        "BOUND": f">={major}.{minor},<{major}.{minor + 2}",
        "WAGTAIL": graph.leaf_nodes("wagtailcore")[0][1],
    }
