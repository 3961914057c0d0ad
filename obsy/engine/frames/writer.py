"""Whether somebody still has a file open for writing; the system knows, where it is Linux and the disk a local one."""

import errno
import fcntl
import os
import signal
import sys
from pathlib import Path


def is_being_written(path: Path) -> bool:
    """Whether any process has the file open for writing; False too where the system cannot tell.

    A read lease is refused while there is a writer. Source: fcntl(2), "Leases".
    """
    if sys.platform != "linux":
        return False
    place = os.open(path, os.O_RDONLY)
    try:
        # Who opens it during the lease makes the kernel signal us: with SIGURG, which does nothing, and not with SIGIO,
        # which would end the process.
        fcntl.fcntl(place, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(place, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(place, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as refusal:
        return refusal.errno == errno.EAGAIN
    finally:
        os.close(place)
    return False
