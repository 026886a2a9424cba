"""The folder of an analysis: whole or not at all, and nothing of the user's is replaced."""

import errno
import json
import os

import pytest

from bayes_ps.checks import BayesPSError
from bayes_ps.cli import report_folder
from bayes_ps.cli.exit_codes import Ended, NotWrittenError
from bayes_ps.cli.report_folder import checked_folder, whole_folder


def written(place, text="new", *, force=False):
    """A folder of two files, listed in its results."""
    with whole_folder(place, force=force) as folder:
        (folder / "figures").mkdir()
        (folder / "figures" / "forest.png").write_text(text)
        listed = ["figures/forest.png", "results.json"]
        (folder / "results.json").write_text(json.dumps({"files": listed, "text": text}))


def holds(place):
    return json.loads((place / "results.json").read_text())["text"]


def test_nothing_stands_at_the_place_before_the_end(tmp_path):
    with whole_folder(tmp_path / "report", force=False) as folder:
        (folder / "a").write_text("a")
        assert not (tmp_path / "report").exists()
        assert folder.parent == tmp_path and folder.name.startswith(".report.")
    assert os.listdir(tmp_path) == ["report"]
    assert (tmp_path / "report").stat().st_mode & 0o777 == 0o777 & ~report_folder._mask()


def breaks(place, error, *, force=False):
    """Half a folder is written, then `error` is raised."""
    with whole_folder(place, force=force) as folder:
        (folder / "half").write_text("half")
        raise error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), Ended(15), ValueError()], ids=repr)
@pytest.mark.parametrize("before", [False, True])
def test_whatever_is_raised_leaves_what_was_there(tmp_path, error, before):
    place = tmp_path / "report"
    if before:
        written(place, "old")
    with pytest.raises(type(error)):
        breaks(place, error, force=before)
    assert os.listdir(tmp_path) == (["report"] if before else [])
    assert not before or holds(place) == "old"


def test_a_full_disk_is_one_sentence(tmp_path):
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    said = BayesPSError("as write_report says it")
    said.__cause__ = full
    for error in (full, said):
        with pytest.raises(NotWrittenError, match="could not be written: No space left on device"):
            breaks(tmp_path / "report", error)
    assert os.listdir(tmp_path) == []


def test_an_unwritable_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write anywhere
    with pytest.raises(NotWrittenError, match="may not be written to"):
        checked_folder(tmp_path / "report", force=True)


def test_nothing_is_overwritten_without_force(tmp_path):
    place = tmp_path / "report"
    written(place, "old")
    with pytest.raises(BayesPSError, match="--force"):
        written(place)
    assert holds(place) == "old"
    written(place, force=True)
    assert holds(place) == "new" and os.listdir(tmp_path) == ["report"]


def test_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "report").mkdir()
    written(tmp_path / "report")
    assert holds(tmp_path / "report") == "new" and os.listdir(tmp_path) == ["report"]


def test_the_old_folder_comes_back_if_the_new_cannot_take_its_place(tmp_path, monkeypatch):
    place, rename = tmp_path / "report", os.rename
    written(place, "old")

    def fails_once(source, target):
        if str(source).endswith(".part"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        rename(source, target)

    monkeypatch.setattr(os, "rename", fails_once)
    with pytest.raises(NotWrittenError):
        written(place, force=True)
    assert holds(place) == "old" and os.listdir(tmp_path) == ["report"]


@pytest.mark.parametrize("stranger", ["notes.txt", "figures/mine.png"])
def test_force_never_removes_what_the_program_did_not_write(tmp_path, stranger):
    place = tmp_path / "report"
    written(place, "old")
    (place / stranger).write_text("mine")
    with pytest.raises(BayesPSError, match=stranger):
        written(place, force=True)
    assert (place / stranger).read_text() == "mine"


def test_force_never_replaces_another_folder(tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("mine")
    with pytest.raises(BayesPSError, match="not written by bayes-ps"):
        written(tmp_path / "thesis", force=True)
    (tmp_path / "file").write_text("mine")
    with pytest.raises(BayesPSError, match="is a file"):
        written(tmp_path / "file", force=True)


def test_a_missing_parent_and_the_folder_one_stands_in(tmp_path, monkeypatch):
    with pytest.raises(BayesPSError, match="mkdir -p"):
        checked_folder(tmp_path / "no" / "report", force=False)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BayesPSError, match="a folder of its own"):
        checked_folder(".", force=True)
