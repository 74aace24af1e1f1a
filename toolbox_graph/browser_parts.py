"""Where do the parts of the query editor come from that others make?

They are packages of the npm registry, listed with their digests in `browser/package-lock.json`; `browser/package.json`
says which of their files browsers get. They are fetched once, to beside the program, and served from there. Without
them all pages work, with plain forms.
"""

import base64
import hashlib
import io
import json
import os
import re
import shutil
import sys
import tarfile
import tempfile
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from toolbox_graph import files
from toolbox_graph.errors import Unusable

PLACE = Path(sys.prefix, "share", "toolbox-graph", "browser")
"""Where they lie: in the environment in which the program is installed."""

NAME = re.compile(r"[a-z0-9][a-z0-9.-]*")
"""The name of a file that is served."""

VERSION = re.compile(r"[0-9a-f]{8}")
"""The name of a folder with parts of one version."""

REGISTRY = re.compile(r"^\s*registry\s*=\s*(\S+)", re.MULTILINE)
"""Which registry npm is told to ask."""

USUAL = "https://" + ".".join(("registry", "npmjs", "org"))
"""The registry that npm asks where it is told nothing."""

CONFIGURATIONS = (Path("~/.npmrc"), Path("/etc/npmrc"))

SECONDS = 20.0
"""How long a registry may say nothing."""

LARGEST = 20_000_000
"""Bytes of a package, and of a file in one."""

Fetch = Callable[[str], bytes]
"""Returns what is at an address."""


class Package(NamedTuple):
    """A package of the registry, its digests, and the files of it that are served, by their names there."""

    name: str
    version: str
    integrity: str
    served: Mapping[str, str]


def listed(folder: Path = files.BROWSER) -> list[Package]:
    """Return the packages of which something is served."""
    served: Mapping[str, str] = _json(folder / "package.json")["served"]
    locked: Mapping[str, Any] = _json(folder / "package-lock.json")["packages"]
    names = [name.removeprefix("node_modules/") for name in locked]
    return [package for name in names if name and (package := _package(name, locked, served)).served]


def _package(name: str, locked: Mapping[str, Any], served: Mapping[str, str]) -> Package:
    entry = locked[f"node_modules/{name}"]
    own = {target: path.removeprefix(f"{name}/") for target, path in served.items() if path.startswith(f"{name}/")}
    return Package(name, entry["version"], entry["integrity"], own)


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def folder(packages: Sequence[Package], place: Path = PLACE) -> Path:
    """Return where the parts lie, or would; other versions lie elsewhere."""
    return place / hashlib.sha256(repr(packages).encode()).hexdigest()[:8]


def found() -> Path | None:
    """Return where the parts lie, None where they have not been fetched."""
    path = folder(listed())
    return path if path.is_dir() else None


def registry(environment: Mapping[str, str], configurations: Sequence[Path] = CONFIGURATIONS) -> str:
    """Return the registry that npm would ask: by the environment, else by its files, else the usual one.

    >>> registry({"NPM_CONFIG_REGISTRY": "https://npm.example.org/"})
    'https://npm.example.org'
    """
    named = {name.casefold(): value for name, value in environment.items()}.get("npm_config_registry")
    address = (named or next(_configured(configurations), USUAL)).rstrip("/")
    if not address.startswith(("https://", "http://")):
        raise Unusable(f"npm is told to ask {address!r}, which is no address of a registry.")
    return address


def _configured(configurations: Sequence[Path]) -> Iterator[str]:
    for path in configurations:
        with suppress(OSError, RuntimeError):
            if told := REGISTRY.search(path.expanduser().read_text(encoding="utf-8", errors="replace")):
                yield told[1].strip("\"'")


def fetch(address: str) -> bytes:
    """Return what is at an address; raise Unusable where nothing can be had."""
    try:
        with urllib.request.urlopen(address, timeout=SECONDS) as answer:  # noqa: S310  # `registry` names the scheme
            body = answer.read(LARGEST + 1)
    except (OSError, ValueError) as problem:
        raise Unusable("The registry of npm cannot be reached.") from problem
    if len(body) > LARGEST:
        raise Unusable(f"The registry of npm sends more than {LARGEST} bytes for one package.")
    return bytes(body)


def bring(packages: Sequence[Package], asked: str, place: Path = PLACE, get: Fetch = fetch) -> Path:
    """Fetch packages from a registry, and lay what is served where it belongs, all of it or nothing."""
    target = folder(packages, place)
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place) as work:
        made = Path(work, "made")
        made.mkdir()
        for package in packages:
            for name, body in unpacked(package, get(address(package, asked))).items():
                (made / name).write_bytes(body)
        with suppress(OSError):  # Somebody else was quicker.
            made.rename(target)
    for old in place.iterdir():
        if old != target and VERSION.fullmatch(old.name):
            shutil.rmtree(old, ignore_errors=True)
    return target


def address(package: Package, asked: str) -> str:
    """Return where a registry has the archive of a package.

    >>> address(Package("@scope/name", "1.2.3", "", {}), "https://npm.example.org")
    'https://npm.example.org/@scope/name/-/name-1.2.3.tgz'
    """
    return f"{asked}/{package.name}/-/{package.name.rpartition('/')[2]}-{package.version}.tgz"


def unpacked(package: Package, archive: bytes) -> dict[str, bytes]:
    """Return the files of an archive that are served; raise Unusable where it is not the one that is listed.

    Nothing is written by a name that stands in the archive, and a link in it leads nowhere.
    """
    digest = base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if f"sha512-{digest}" not in package.integrity.split():
        raise Unusable(f"What the registry of npm sends for {package.name} is not what is listed; it was not used.")
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
        members = {member.name.partition("/")[2]: member for member in tar if member.isfile()}
        return {name: _read(tar, members.get(path), name) for name, path in package.served.items()}


def _read(tar: tarfile.TarFile, member: tarfile.TarInfo | None, name: str) -> bytes:
    source = tar.extractfile(member) if member and member.size <= LARGEST and NAME.fullmatch(name) else None
    if source is None:
        raise Unusable(f"The archive has no file that could be served as {name}.")
    return source.read()


def ensure() -> Path:
    """Return where the parts lie; fetch them where they are not there."""
    packages = listed()
    path = folder(packages)
    return path if path.is_dir() else bring(packages, registry(os.environ))
