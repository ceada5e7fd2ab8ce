"""Which files a drop of files and folders means."""

import os
from pathlib import Path

from engine.work.file_choice import chosen_files, matter_name


def test_a_folder_gives_its_readable_files_in_order(tmp_path: Path):
    for name in ("b.pdf", "a.docx", "notes.xyz", ".hidden.pdf", "deep/c.eml", ".git/d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [file.name for file in chosen_files([tmp_path])] == ["a.docx", "b.pdf", "c.eml"]


def test_a_file_given_by_itself_is_taken_whatever_its_name(tmp_path: Path):
    strange = tmp_path / "notes.xyz"
    strange.write_text("x")
    assert chosen_files([strange, strange]) == [strange]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.pdf").write_text("x")
    inside = tmp_path / "inside"
    inside.mkdir()
    os.symlink(outside, inside / "loop")
    os.symlink(outside / "secret.pdf", inside / "link.pdf")
    assert chosen_files([inside]) == []


def test_a_matter_is_named_after_what_was_dropped(tmp_path: Path):
    assert matter_name([tmp_path / "Lease, Unit 4.pdf"]) == "Lease, Unit 4"
    assert matter_name([tmp_path]) == tmp_path.name
