"""Thousands of requests that nobody would think of, made from /openapi.json by schemathesis."""

import subprocess
import unittest

import pypi
from souk_system import SystemTest

SECONDS = 20
# What ends the session or the account that all the others are asked with.
LAST = ("auth.logout", "auth.logout_everywhere", "auth.end_session", "auth.change_password", "user.close",
        "user.block")


class SchemathesisTest(SystemTest):
    @classmethod
    def setUpClass(cls):
        cls.program = pypi.install() / "st"
        super().setUpClass()

    def ask_whatever_comes_to_mind(self, headers):
        words = [self.program, "--config-file", pypi.HERE / "schemathesis.toml", "run",
                 f"http://127.0.0.1:{self.shop.port}/openapi.json", "--no-color", "--continue-on-failure",
                 "--seed", "1", "--max-time", str(SECONDS), "--header", f"Authorization:{headers['Authorization']}"]
        for operation in LAST:
            words += ["--exclude-operation-id", operation]
        done = subprocess.run(words, cwd=self.shop.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, timeout=200)
        self.assertEqual(0, done.returncode, done.stdout)
        self.assertRegex(done.stdout, r"\n  \d{3,} generated, \d+ passed", done.stdout)
        self.assertEqual(200, self.shop.http("GET", "/v1/me", headers=headers).status)
        self.shop.assert_alive()

    def test_customers_are_answered_as_the_document_says(self):
        self.ask_whatever_comes_to_mind(self.shop.customer())

    def test_staff_are_answered_as_the_document_says(self):
        self.ask_whatever_comes_to_mind(self.shop.somebody("staff"))
        self.shop.check()


if __name__ == "__main__":
    unittest.main()
