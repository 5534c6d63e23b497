"""Where data lie, and which folders an unprivileged user reaches."""

import os
import pwd
import tempfile
from pathlib import Path

from config import places

STRANGER = pwd.struct_passwd(("stranger", "x", 54321, 54321, "", "/", ""))


def test_a_folder_is_reached_through_open_folders_only():
    with tempfile.TemporaryDirectory() as outer:
        inner = places.make_folder(Path(outer, "inner"))
        Path(outer).chmod(0o755)
        assert places.reachable(inner, by=STRANGER)

        Path(outer).chmod(0o700)
        assert not places.reachable(inner, by=STRANGER)
        assert not places.reachable(inner / "not" / "made" / "yet", by=STRANGER)
        assert places.reachable(
            inner, by=pwd.struct_passwd(("owner", "x", os.getuid(), os.getgid(), "", "/", ""))
        )


def test_the_refuge_belongs_to_one_path(tmp_path):
    assert places.refuge(tmp_path / "a") == places.refuge(tmp_path / "a")
    assert places.refuge(tmp_path / "a") != places.refuge(tmp_path / "b")


def test_a_folder_is_made_with_its_mode_whatever_the_umask(tmp_path):
    before = os.umask(0o077)
    try:
        made = places.make_folder(tmp_path / "outer" / "inner", 0o700)
    finally:
        os.umask(before)

    assert [folder.stat().st_mode & 0o777 for folder in (made, made.parent)] == [0o700, 0o755]


def test_an_existing_folder_keeps_its_mode(tmp_path):
    (tmp_path / "old").mkdir(mode=0o700)

    places.make_folder(tmp_path / "old", 0o755)

    assert (tmp_path / "old").stat().st_mode & 0o777 == 0o700
