import hashlib
import re
from importlib.resources import files

import pytest

STATIC = files("lotwise.report") / "static"
LICENSES = (STATIC / "LICENSES.txt").read_text(encoding="utf-8")
VENDORED = re.findall(
    r"^(\S+\.js)\n  package   (\S+) (\S+)\n  license   (\S+)\n  SHA-256   ([0-9a-f]{64})$", LICENSES, re.MULTILINE
)


@pytest.mark.parametrize(("name", "digest"), [(name, digest) for name, *_, digest in VENDORED])
def test_vendored_scripts_are_the_files_that_were_listed(name, digest):
    """Each vendored file has the SHA-256 that stands beside its license."""
    assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == digest


def test_every_vendored_script_is_listed():
    """No script is shipped without name, version, license and hash."""
    ours = {"page.js"}
    assert {file.name for file in STATIC.iterdir() if file.name.endswith(".js")} - ours == {name for name, *_ in VENDORED}


def test_scripts_can_stand_in_a_page():
    """No script names a source map, closes its own element or opens a comment in HTML."""
    for file in STATIC.iterdir():
        if file.name.endswith(".js"):
            text = file.read_text(encoding="utf-8")
            assert "sourceMappingURL" not in text
            assert "</script" not in text.lower()
            assert "<!--" not in text


def test_license_texts_are_kept():
    """The license of each vendored package and of what it contains is there in full."""
    for _, package, version, *_ in VENDORED:
        assert f"{package} {version} (BSD-3-Clause)" in LICENSES
    assert LICENSES.count("Redistribution and use in source and binary forms") >= 2
