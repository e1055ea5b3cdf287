import sys
from types import ModuleType

import pytest

from tl_helpers.messages import CourseError
from tl_helpers.settings import asset, data_home, folder_setting, requested_edition


def test_the_mini_edition_is_the_default_on_an_own_machine():
    assert requested_edition() == "mini"


def test_the_full_edition_is_the_default_in_colab(monkeypatch):
    monkeypatch.setitem(sys.modules, "google.colab", ModuleType("google.colab"))
    assert requested_edition() == "full"


def test_an_edition_may_be_written_in_capitals(monkeypatch):
    monkeypatch.setenv("TL_EDITION", " FULL ")
    assert requested_edition() == "full"


def test_an_unknown_edition_is_refused_with_the_known_ones(monkeypatch, each_language):
    monkeypatch.setenv("TL_EDITION", "maxi")
    with pytest.raises(CourseError, match="'maxi'.*mini, full"):
        requested_edition()


def test_a_setting_that_names_no_folder_is_refused_by_name(monkeypatch, tmp_path, each_language):
    monkeypatch.setenv("TL_PICTURES", str(tmp_path / "nowhere"))
    with pytest.raises(CourseError, match="TL_PICTURES.*nowhere"):
        folder_setting("TL_PICTURES")


def test_a_setting_left_out_names_no_folder():
    assert folder_setting("TL_PICTURES") is None


def test_data_stay_in_the_home_folder_unless_told_otherwise(monkeypatch, tmp_path):
    monkeypatch.delenv("TL_DATA_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert data_home() == tmp_path / ".cache" / "tl_helpers"


def test_assets_are_found():
    assert asset("weights/SHA256SUMS").is_file()
