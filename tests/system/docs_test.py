"""docs/OPERATIONS.md says of every setting what the program says."""

import subprocess
import unittest

from souk_system import ROOT, SOUK, clean_environment


class OperationsGuide(unittest.TestCase):
    def test_has_every_setting_with_its_default_and_its_meaning(self):
        told = subprocess.run([SOUK, "settings"], cwd=ROOT, env=clean_environment(), capture_output=True,
                              text=True, check=True, timeout=30).stdout
        guide = (ROOT / "docs/OPERATIONS.md").read_text().splitlines()
        rows = [row for row in told.splitlines() if row.startswith("| `SOUK_")]
        self.assertGreater(len(rows), 20)
        self.assertEqual([], [row for row in rows if row not in guide])


if __name__ == "__main__":
    unittest.main()
