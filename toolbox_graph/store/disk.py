"""What is on the disk, whatever happens to the machine?"""

import fcntl
import os
from pathlib import Path
from tempfile import TemporaryDirectory


def sync(descriptor: int) -> None:
    """Wait until what was written is on the disk; macOS tells the drive so only when it is asked in another way."""
    if hasattr(fcntl, "F_FULLFSYNC"):
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)


def sync_path(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace(source: Path, target: Path) -> None:
    """Put a file or a folder in the place of another; who has the other open goes on reading it."""
    if target.is_dir():
        # A folder can only be renamed onto an empty one.
        with TemporaryDirectory(dir=target.parent) as doomed:
            target.rename(Path(doomed) / target.name)
            source.rename(target)
    else:
        source.replace(target)
    sync_path(target.parent)
