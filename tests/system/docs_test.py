"""docs/ says of settings and operations what the program says of them, and of no others."""

import re
import subprocess
import unittest
from collections import Counter

from souk_system import ROOT, SOUK, clean_environment

# Read by ./souk alone, so that build/souk does not know them.
OF_THE_SCRIPTS = {"SOUK_VAR", "SOUK_PG_PORT"}


def rows(text):
    return [row for row in text.splitlines() if row.startswith("| `SOUK_")]


def name(row):
    return re.match(r"\| `(\w+)`", row)[1]


def told_by(word):
    return subprocess.run([SOUK, word], cwd=ROOT, env=clean_environment(), check=True, capture_output=True,
                          text=True, timeout=30).stdout


class OperationsGuide(unittest.TestCase):
    def setUp(self):
        self.told = rows(told_by("settings"))
        self.guide = rows((ROOT / "docs/OPERATIONS.md").read_text())

    def test_has_every_setting_with_its_default_and_its_meaning_and_no_other(self):
        self.assertGreater(len(self.told), 20)
        of_the_program = [row for row in self.guide if name(row) not in OF_THE_SCRIPTS]
        self.assertEqual(Counter(), Counter(self.told) - Counter(of_the_program), "are not told of")
        self.assertEqual(Counter(), Counter(of_the_program) - Counter(self.told), "are told of, and are not")

    def test_has_those_that_only_the_scripts_read(self):
        told = [name(row) for row in self.guide if name(row) in OF_THE_SCRIPTS]
        self.assertEqual(sorted(OF_THE_SCRIPTS), sorted(told))
        scripts = "".join(path.read_text() for path in (ROOT / "souk", *(ROOT / "scripts").glob("*.sh")))
        for setting in OF_THE_SCRIPTS:
            self.assertIn(f"${{{setting}:", scripts)
            self.assertNotIn(setting, [name(row) for row in self.told])

    def test_speaks_of_no_setting_that_there_is_not(self):
        known = {name(row) for row in self.guide} | {"SOUK_DSN_ORDER"}
        for path in ("docs/OPERATIONS.md", "docs/ARCHITECTURE.md", "docs/PROTOCOL.md", "README.md"):
            spoken_of = set(re.findall(r"SOUK_[A-Z_]+[A-Z]", (ROOT / path).read_text()))
            self.assertEqual(set(), spoken_of - known, path)


class ApiReference(unittest.TestCase):
    def setUp(self):
        self.page = (ROOT / "docs/API.md").read_text()

    def test_says_what_the_tables_of_the_actors_say(self):
        flaw = "docs/API.md is not what the actors' tables say; make it anew: ./souk api > docs/API.md"
        self.assertTrue(told_by("api") == self.page, flaw)

    def test_has_every_heading_that_it_links_to_and_has_it_once(self):
        titles = re.findall(r"^#+ (.*)$", self.page, re.MULTILINE)
        anchors = Counter(re.sub(r"[.:]", "", title).replace(" ", "-").lower() for title in titles)
        self.assertEqual(set(), set(re.findall(r"\]\(#([^)]*)\)", self.page)) - set(anchors))
        self.assertEqual([], [anchor for anchor, times in anchors.items() if times > 1])

    def test_tells_of_every_field_and_error_in_words_that_a_table_can_hold(self):
        tables = re.findall(r"(?:^\|.*\n)+", self.page, re.MULTILINE)
        self.assertGreater(len(tables), 50)
        for table in tables:
            self.assertEqual(1, len({len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}), table)


if __name__ == "__main__":
    unittest.main()
