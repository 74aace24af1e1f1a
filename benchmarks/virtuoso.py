"""How is Virtuoso given triples, and run?

Its database, its settings and its log lie in a folder of their own; nothing of what the system has installed is
touched. A graph has to be named: the default one holds statements of Virtuoso's own too.
"""

import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from benchmarks.workshop import free_port, running

GRAPH = "http://127.0.0.1:8000/graph/catalogue"
PATH = f"/sparql?default-graph-uri={quote(GRAPH, safe='')}&query="

SHELL = ("isql-vt", "isql")
"""What the shell is called: on Debian, and as its makers call it."""

# As much memory as its makers recommend where 2 GB are free, which is more than the data needs; connections for all
# that we open.
SETTINGS = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa

[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx

[Parameters]
ServerPort = 127.0.0.1:{shell_port}
DirsAllowed = {folder}
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
MaxClientConnections = 100
MaxQueryMem = 2G
ThreadsPerQuery = 2

[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
ServerThreads = 100
MaxClientConnections = 100
MaxKeepAlives = 100
KeepAliveTimeout = 60

[SPARQL]
ResultSetMaxRows = 100000000
"""

LOAD = "ld_dir('{folder}', '{name}', '{graph}'); rdf_loader_run(); checkpoint;"
FAILED = "SELECT ll_error FROM DB.DBA.load_list WHERE ll_error IS NOT NULL;"


class Place(NamedTuple):
    """A database: the program that serves it, and at which port."""

    command: list[str]
    port: int


def load(program: str, dump: Path) -> Place:
    """Make a database of a file in N-Triples."""
    folder, port, shell_port = dump.with_suffix(".virtuoso").resolve(), free_port(), free_port()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    dump_here = folder / dump.name
    dump_here.hardlink_to(dump)
    settings = folder / "virtuoso.ini"
    settings.write_text(SETTINGS.format(folder=folder, port=port, shell_port=shell_port))
    command = [program, "+foreground", "+configfile", str(settings)]
    with running(command, port=port, path=f"{PATH}ASK%20%7B%7D"):
        _tell(shell_port, LOAD.format(folder=folder, name=dump.name, graph=GRAPH))
        told = _tell(shell_port, FAILED)
        assert "0 Rows" in told, told
    return Place(command, port)


def _tell(port: int, statements: str) -> str:
    """Let Virtuoso's shell do something; the password is the one of every new database."""
    shell = next(path for name in SHELL if (path := shutil.which(name)))
    command = [shell, f"127.0.0.1:{port}", "dba", "dba", f"exec={statements}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
