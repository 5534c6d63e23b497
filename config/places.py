"""Where things lie on disk: the checkout, the data folder, the folder of a running hall.

PostgreSQL refuses to run as root. Started by root it runs under an unprivileged user, and a folder which
that user cannot reach (a checkout in root's home) is no place for its data: the data then lie in /var/lib.
The mode of a folder that we did not make is never changed.
"""

import hashlib
import os
import pwd
import stat
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
RUN_FOLDER = CHECKOUT / ".run"
UNPRIVILEGED = "nobody"


def runs_as_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def unprivileged_user() -> pwd.struct_passwd:
    return pwd.getpwnam(UNPRIVILEGED)


def reachable(path: Path, by: pwd.struct_passwd) -> bool:
    """Whether this user may walk down to the path; what does not exist yet is judged by the folders above."""
    for folder in [path, *path.parents]:
        try:
            facts = folder.stat()
        except FileNotFoundError:
            continue
        if not stat.S_ISDIR(facts.st_mode):
            continue
        if facts.st_uid == by.pw_uid:
            may_pass = facts.st_mode & stat.S_IXUSR
        elif facts.st_gid == by.pw_gid:
            may_pass = facts.st_mode & stat.S_IXGRP
        else:
            may_pass = facts.st_mode & stat.S_IXOTH
        if not may_pass:
            return False
    return True


def refuge(path: Path) -> Path:
    """The folder in /var/lib that stands in for one which the unprivileged user cannot reach."""
    digest = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]
    return Path("/var/lib") / f"yizhan-{digest}"


def data_folder(wanted: Path | None = None) -> Path:
    """The folder that holds database, queue, uploads and local keys of one hall."""
    folder = (wanted or CHECKOUT / ".data").expanduser().resolve()
    if runs_as_root() and not reachable(folder, by=unprivileged_user()):
        return refuge(folder.parent if wanted is None else folder) / "data"
    return folder


def make_folder(path: Path, mode: int = 0o755) -> Path:
    """Make a folder with this very mode, whatever the umask; an existing one is left as it is."""
    for missing in reversed([folder for folder in [path, *path.parents] if not folder.exists()]):
        missing.mkdir(exist_ok=True)
        missing.chmod(mode if missing == path else 0o755)
    return path
