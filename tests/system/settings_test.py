"""A wrong setting is named and stops the start, of every process that reads it."""

import re
import subprocess
import unittest

from souk_system import ROOT, SOUK, clean_environment

# Who reads which table of `souk settings`, in its order.
SERVERS = (["actor", "order"], ["broker"], ["edge"], ["all"])
READERS = (
    (*SERVERS, ["migrate"], ["check"]),
    SERVERS,
    (["broker"], ["all"]),
    (["edge"], ["all"]),
    (["migrate"], ["check"]),
)

WRONG = {
    "number": ("many", "1x", "1.5", "0x10", "1e3", " 1", "-", "-1", "2147483648", "9" * 30, "\udcff"),
    "truth": ("maybe", "2", "TRUE", "true ", "\udcff"),
    "text": ("\udcff", "x" * 5000),
}
LIMITS = (
    ("actor order", "SOUK_CREDIT", "0", "must be at least 1"),
    ("actor order", "SOUK_CREDIT", "100001", "must be at most 100000"),
    ("actor order", "SOUK_LOG", "loud", "must be one of: error, warning, info, debug"),
    ("actor order", "SOUK_LOG", "Info", "must be one of: error, warning, info, debug"),
    ("broker", "SOUK_HEARTBEAT_MS", "9", "must be at least 10"),
    ("broker", "SOUK_QUEUE_BYTES_MAX", "4095", "must be at least 4096"),
    ("edge", "SOUK_HTTP_PORT", "0", "must be at least 1"),
    ("edge", "SOUK_HTTP_PORT", "65536", "must be at most 65535"),
)
TOGETHER = (
    ("actor order", "SOUK_STRANDED_MS", "30000", "must be more than SOUK_GIVE_UP_MS"),
    ("actor order", "SOUK_CHARGE_TIMEOUT_MS", "5000", "must be more than SOUK_PROVIDER_TIMEOUT_MS"),
    ("actor order", "SOUK_RESERVATION_S", "600", "must be more than the pauses of SOUK_RETRY_MS"),
    ("actor order", "SOUK_PAYMENT_PROVIDER", "stripe", "is stripe, which needs SOUK_STRIPE_KEY"),
    ("actor order", "SOUK_STRIPE_URL", "http://stripe.example", "must be https"),
    ("actor order", "SOUK_STRIPE_URL", "http://127.0.0.1.example", "must be https"),
    ("actor order", "SOUK_BROKERS", "broker.ipc", '"broker.ipc" is not ipc://'),
    ("actor order", "SOUK_BROKERS", " ", "must name 1 to 8 endpoints"),
    ("actor order", "SOUK_BROKERS", 9 * "tcp://127.0.0.1:1 ", "must name 1 to 8 endpoints"),
    ("actor order", "SOUK_DSN", "nonsense", "of order: missing"),
    ("all", "SOUK_DSN", "host", "of audit: missing"),
    ("broker", "SOUK_BROKER_BIND", "nowhere", '"nowhere" is not ipc://'),
    ("edge", "SOUK_EDGE_PROXIES", "10.0.0.1 proxy", '"proxy" is not an IP address'),
    ("all", "SOUK_EVENTS_OUT", "ipc://", '"ipc://" is not ipc://'),
    ("broker", "SOUK_WORKER_EXPIRY_MS", "500", "must be more than SOUK_HEARTBEAT_MS"),
    ("all", "SOUK_PLAIN_WORKER_EXPIRY_MS", "500", "must be more than SOUK_HEARTBEAT_MS"),
)


def run(*words, **settings):
    """What a process did that has to end by itself, and at once."""
    return subprocess.run([SOUK, *words], cwd=ROOT, env=clean_environment(**settings), timeout=30,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True)


def tables():
    """For each table of `souk settings` its names with their defaults."""
    return [re.findall(r"^\| `(SOUK_\w+)` \| `(.*?)` \|", table, re.MULTILINE)
            for table in run("settings").stdout.strip().split("\n\n") if table.startswith("|")]


def kind(default):
    if default.isdigit():
        return "number"
    return "truth" if default in ("true", "false") else "text"


class SettingsTest(unittest.TestCase):
    def assert_refused(self, words, name, value, reason="must "):
        with self.subTest(f"{name}={value[:40]!r} souk {' '.join(words)}"):
            done = run(*words, **{name: value})
            self.assertEqual((2, ""), (done.returncode, done.stdout), done.stderr)
            self.assertRegex(done.stderr, rf"\Asouk: {name} {reason}.*\n\Z")

    def test_every_setting_is_refused_where_it_is_none_of_its_kind(self):
        self.assertEqual(len(READERS), len(tables()))
        for readers, table in zip(READERS, tables()):
            for name, default in table:
                for value in WRONG[kind(default)]:
                    self.assert_refused(readers[0], name, value)

    def test_every_process_refuses_it(self):
        for readers, table in zip(READERS, tables()):
            for name, default in table:
                for words in readers[1:]:
                    self.assert_refused(words, name, WRONG[kind(default)][0])

    def test_settings_that_do_not_go_together_are_told_which(self):
        for words, name, value, reason in TOGETHER:
            self.assert_refused(words.split(), name, value, reason)

    def test_a_setting_out_of_its_limits_is_told_which(self):
        for words, name, value, reason in LIMITS:
            self.assert_refused(words.split(), name, value, reason)

    def test_a_secret_is_not_quoted(self):
        for name in ("SOUK_DSN", "SOUK_ADMIN_DSN"):
            done = run("check", **{name: "password=opensesame" * 500})
            self.assertEqual(2, done.returncode)
            self.assertNotIn("sesame", done.stderr)

    def test_wrong_words_are_answered_with_those_there_are(self):
        for words in ([], ["nothing"], ["actor"], ["actor", "nobody"], ["actor", "order", "nobody"]):
            done = run(*words)
            self.assertEqual((2, ""), (done.returncode, done.stdout), words)
            self.assertIn("usage:", done.stderr)


if __name__ == "__main__":
    unittest.main()
