"""What the tests need that Debian does not have: from PyPI, as requirements.txt has it."""

import fcntl
import hashlib
import subprocess
import sys

from souk_system import ROOT

HERE = ROOT / "tests/system"
FOLDER = ROOT / "var/test/pypi"


def install():
    """Where its programs are; made once, by whoever comes first, and anew where requirements.txt has changed.

    Without it nothing would be proved: so this fails where it cannot be had.
    """
    FOLDER.parent.mkdir(parents=True, exist_ok=True)
    with open(FOLDER.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        make()
    return FOLDER / "bin"


def make():
    requirements = HERE / "requirements.txt"
    mark = FOLDER / hashlib.sha256(requirements.read_bytes()).hexdigest()
    if mark.exists():
        return
    for command in ([sys.executable, "-m", "venv", "--clear", FOLDER],
                    [FOLDER / "bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                     "--requirement", requirements]):
        done = subprocess.run(command, capture_output=True, text=True, timeout=240)
        if done.returncode:
            raise AssertionError("requirements.txt cannot be installed; is PyPI within reach?\n"
                                 f"{done.stdout}{done.stderr}")
    mark.touch()
