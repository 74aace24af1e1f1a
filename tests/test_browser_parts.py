"""Parts of the query editor: they are what is listed, nothing else is laid anywhere, and without a network one line says so."""

import base64
import hashlib
import io
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.conftest import free_port
from toolbox_graph.browser_parts import Package, bring, registry
from toolbox_graph.errors import ENVIRONMENT, Unusable


def archive(*names: str, link: str = "") -> bytes:
    """Return an archive with some files and a link."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = len(name)
            tar.addfile(member, io.BytesIO(name.encode()))
        if link:
            member = tarfile.TarInfo(link)
            member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
            tar.addfile(member)
    return packed.getvalue()


GOOD = archive("package/build/editor.js", "package/../../outside.js", "../outside.js")
LINK = archive(link="package/build/editor.js")


def package(body: bytes, served: str = "editor.js", path: str = "build/editor.js") -> Package:
    """Return a package of which one file is served."""
    digest = base64.b64encode(hashlib.sha512(body).digest()).decode()
    return Package("@scope/editor", "1.0.0", f"sha512-{digest}", {served: path})


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """The address of a registry of our own, and what it was asked for."""
    paths: list[str] = []

    class Registry(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(GOOD)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Registry) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        paths.append(f"http://127.0.0.1:{server.server_port}")
        yield paths
        server.shutdown()


def below(folder: Path) -> list[str]:
    """Return the files below a folder."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_what_is_listed_is_fetched(asked: list[str], tmp_path: Path) -> None:
    place = tmp_path / "place"
    lies = bring([package(GOOD)], asked[0], place)
    assert (lies / "editor.js").read_text() == "package/build/editor.js"
    assert asked[1:] == ["/@scope/editor/-/editor-1.0.0.tgz"]
    assert below(tmp_path) == ["editor.js"]


def test_another_version_takes_the_place_of_the_former(tmp_path: Path) -> None:
    for version in ("1.0.0", "1.0.1"):
        lies = bring([package(GOOD)._replace(version=version)], "http://x", tmp_path, lambda _: GOOD)
    assert list(tmp_path.iterdir()) == [lies]


def test_npm_says_which_registry_is_asked(tmp_path: Path) -> None:
    told = tmp_path / ".npmrc"
    told.write_text("fund=false\nregistry = http://npm.example.org/\n")
    assert registry({}, [tmp_path / "nothing", told]) == "http://npm.example.org"
    assert registry({"npm_config_registry": "http://other.example.org"}, [told]) == "http://other.example.org"
    assert registry({}, []).startswith("https://")
    with pytest.raises(Unusable):
        registry({"NPM_CONFIG_REGISTRY": "file:///etc"}, [])


@pytest.mark.parametrize(
    ("listed", "sent"),
    [
        (package(GOOD), LINK),
        (package(LINK), LINK),
        (package(GOOD, path="../outside.js"), GOOD + b" "),
        (package(GOOD, served="../editor.js"), GOOD),
        (package(GOOD, path="build/nothing.js"), GOOD),
    ],
    ids=["another archive", "a link", "a path that leads out", "a name that leads out", "no such file"],
)
def test_nothing_else_is_laid_anywhere(listed: Package, sent: bytes, tmp_path: Path) -> None:
    with pytest.raises(Unusable):
        bring([listed], "http://x", tmp_path / "place", lambda _: sent)
    assert below(tmp_path) == []


def test_without_a_network_one_line_says_so(tmp_path: Path) -> None:
    script = f"import sys; sys.prefix = {str(tmp_path)!r}; from toolbox_graph.cli import main; main(['fetch-editor'])"
    environment = {"NPM_CONFIG_REGISTRY": f"http://127.0.0.1:{free_port()}"}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stdout) == (ENVIRONMENT, "")
    assert len(done.stderr.splitlines()) == 1
    assert "plain form" in done.stderr
