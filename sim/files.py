"""Opening files to read: a named pipe, a device or a folder in a file's place is refused.

A pipe that nobody writes to would hold the program up for ever, before any limit could act. So
everything that is read from outside the package is opened here.
"""

from __future__ import annotations

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path

# Without the second a pipe waits for its writer as it is opened; Windows has neither
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def open_regular(path: Path) -> BufferedReader:
    """Open a regular file to read its bytes, without waiting for anybody.

    Raises
    ------
    OSError
        Where it cannot be opened, or is not a regular file (nor a link to one).
    ValueError
        Where the path holds a NUL.
    """
    handle = os.open(path, _FLAGS)
    try:
        mode = os.fstat(handle).st_mode
        if not stat.S_ISREG(mode):
            what = "is a folder" if stat.S_ISDIR(mode) else "is not a regular file"
            raise OSError(errno.EINVAL, what, str(path))
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def read_regular(path: Path) -> bytes:
    """Return the bytes of a regular file; raises as :func:`open_regular`."""
    with open_regular(path) as opened:
        return opened.read()
