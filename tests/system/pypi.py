"""What the tests need that Debian does not have: from PyPI, as requirements.txt has it."""

import hashlib
import subprocess
import sys

from souk_system import ROOT

HERE = ROOT / "tests/system"
FOLDER = ROOT / "var/test/pypi"


def install():
    """Where its programs are; made once, and anew where requirements.txt has changed.

    Without it nothing would be proved: so this fails where it cannot be had.
    """
    requirements = HERE / "requirements.txt"
    mark = FOLDER / hashlib.sha256(requirements.read_bytes()).hexdigest()
    programs = FOLDER / "bin"
    if mark.exists():
        return programs
    for command in ([sys.executable, "-m", "venv", "--clear", FOLDER],
                    [programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                     "--requirement", requirements]):
        done = subprocess.run(command, capture_output=True, text=True, timeout=240)
        if done.returncode:
            raise AssertionError("requirements.txt cannot be installed; is PyPI within reach?\n"
                                 f"{done.stdout}{done.stderr}")
    mark.touch()
    return programs
