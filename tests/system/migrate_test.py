"""`souk migrate` applies each migration once, in order, and refuses what would make databases differ."""

import os
import shutil
import subprocess
import tempfile
import unittest
import uuid
from pathlib import Path

from souk_system import ROOT, SOUK, at_once, clean_environment, psql

ADMIN = os.environ["SOUK_ADMIN_DSN"]
MERGED = sorted(path.name for path in (ROOT / "db/migrations").glob("*.sql"))
LAST, NEW = MERGED[-1], "9000_shelf.sql"


class MigrateTest(unittest.TestCase):
    def setUp(self):
        """An empty database, and a copy of the migrations to do things to."""
        self.database = f"souk_{uuid.uuid4().hex[:12]}"
        self.dsn = f"{ADMIN} dbname={self.database}"
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        shutil.copytree(ROOT / "db/migrations", self.folder, dirs_exist_ok=True)
        psql(f"{ADMIN} dbname=postgres", f"CREATE DATABASE {self.database}")
        self.addCleanup(psql, f"{ADMIN} dbname=postgres", f"DROP DATABASE {self.database} WITH (FORCE)")

    def migrate(self):
        environment = clean_environment(SOUK_ADMIN_DSN=self.dsn, SOUK_MIGRATIONS=self.folder)
        return subprocess.run([SOUK, "migrate"], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=120)

    def write(self, name, text):
        (self.folder / name).write_text(text)

    def applied(self):
        return psql(self.dsn, "SELECT name FROM public.souk_migration ORDER BY name").split()

    def has_shelf(self):
        return psql(self.dsn, "SELECT to_regclass('public.shelf') IS NOT NULL").strip() == "t"

    def assert_applies(self, *names):
        done = self.migrate()
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.assertEqual([f"applied {name}" for name in names], done.stdout.splitlines())

    def assert_refused(self, name, reason):
        before = self.applied()
        done = self.migrate()
        self.assertEqual((1, ""), (done.returncode, done.stdout))
        self.assertRegex(done.stderr, rf"\Asouk migrate: {name}: .*{reason}")
        self.assertEqual(before, self.applied())

    def test_each_is_applied_in_order_and_once(self):
        self.assert_applies(*MERGED)
        self.assertEqual(MERGED, self.applied())
        self.assert_applies()

    def test_a_new_one_is_applied_behind_the_others(self):
        self.assert_applies(*MERGED)
        self.write(NEW, "CREATE TABLE public.shelf (sku text);")
        self.assert_applies(NEW)
        self.assertTrue(self.has_shelf())

    def test_regions_that_are_no_codes_stand_beside_the_address(self):
        for name in MERGED:
            if name >= "0021":
                (self.folder / name).unlink()
        self.migrate()
        psql(self.dsn, """
            INSERT INTO "user".account (id, email, name, status)
            VALUES ('018f0000-0000-7000-8000-00000000000a', 'ada@example.com', 'Ada', 'active');
            INSERT INTO "user".address (id, account_id, name, line1, line2, city, postal_code, region, country,
                default_shipping, default_billing)
            SELECT gen_random_uuid(), '018f0000-0000-7000-8000-00000000000a', given.region, 'Here 1', given.line2, 'There',
                '1', given.region, 'US', false, false
            FROM (VALUES ('Ohio', NULL), ('Iowa', 'Flat 2'), ('ca', 'Flat 3'), ('', '')) AS given (region, line2);
            INSERT INTO cart.cart (id, country, region)
            SELECT gen_random_uuid(), 'US', region FROM (VALUES ('ny'), ('Ohio'), (NULL)) AS given (region);
            INSERT INTO pricing.tax_country (country, included) VALUES ('US', false);
            INSERT INTO pricing.tax_rate (id, country, region, tax_class, rate, starts_at, ends_at)
            SELECT gen_random_uuid(), 'US', region, 'standard', 1, '2020-01-01', '9999-12-31'
            FROM (VALUES ('ny'), ('Ohio'), ('')) AS given (region)""")
        shutil.copytree(ROOT / "db/migrations", self.folder, dirs_exist_ok=True)
        self.assert_applies(*[name for name in MERGED if name >= "0021"])

        def values(query):
            return psql(self.dsn, query).splitlines()

        self.assertEqual(["Iowa||Flat 2, Iowa", "Ohio||Ohio", "ca|CA|Flat 3", "||"], sorted(values(
            'SELECT concat_ws(\'|\', name, coalesce(region, \'\'), line2) FROM "user".address')))
        self.assertEqual(["NY"], values("SELECT region FROM cart.cart WHERE region IS NOT NULL"))
        self.assertEqual(["NY"], values(
            "SELECT region FROM pricing.tax_rate WHERE region <> '' AND ends_at > now() + interval '1 second'"))
        self.assertEqual(["2"], values("SELECT count(*) FROM pricing.tax_rate WHERE ends_at > now() + interval '1 second'"))

    def test_what_was_just_being_shipped_is_on_its_way_out_and_what_is_confirmed_is_to_be_packed(self):
        for name in MERGED:
            if name >= "0025":
                (self.folder / name).unlink()
        self.migrate()
        psql(self.dsn, """
            INSERT INTO "order".orders (id, user_id, fingerprint, status, payment_method, total_amount, total_currency, placed_at)
            SELECT gen_random_uuid(), gen_random_uuid(), '', status, '', 1, 'EUR', now()
            FROM (VALUES ('confirmed'), ('shipping'), ('shipped'), ('cancelled')) AS given (status);
            INSERT INTO "order".in_flight (order_id, work) SELECT id, status FROM "order".orders WHERE status = 'shipping';
            INSERT INTO inventory.reservation (order_id, skus, locations, quantities, status)
            SELECT id, '{mug,mug,mug}', '{main,attic,main}', '{1,2,3}', 'live' FROM "order".orders WHERE status = 'shipping'""")
        shutil.copytree(ROOT / "db/migrations", self.folder, dirs_exist_ok=True)
        self.assert_applies(*[name for name in MERGED if name >= "0025"])

        def values(query):
            return psql(self.dsn, query).splitlines()

        self.assertEqual(["confirmed\tnew", "shipping\tplanned"], values("""
            SELECT orders.status, job.status FROM fulfilment.job JOIN "order".orders ON id = order_id ORDER BY 1"""))
        self.assertEqual(["attic\tmug\t2\t", "main\tmug\t4\t"], values("""
            SELECT location, sku, quantity, key FROM fulfilment.departure
            JOIN fulfilment.shipment ON departure_id = departure.id JOIN fulfilment.shipment_line ON shipment_id = shipment.id
            ORDER BY location"""))
        self.assertEqual([], values('SELECT order_id FROM "order".in_flight'))

    def test_what_is_no_migration_is_left_alone(self):
        for name in ("README.md", "notes.sql", "900_short.sql", f"{NEW}.orig"):
            self.write(name, "this is no SQL")
        self.assert_applies(*MERGED)

    def test_one_that_was_edited_is_refused(self):
        self.assert_applies(*MERGED)
        for name in (MERGED[0], LAST):
            path = self.folder / name
            merged = path.read_text()
            path.write_text(merged + "\n")
            self.assert_refused(name, "was edited after it was applied")
            path.write_text(merged)
            self.assert_applies()

    def test_nothing_is_applied_behind_one_that_was_edited(self):
        self.assert_applies(*MERGED)
        self.write(LAST, "SELECT 1;")
        self.write(NEW, "CREATE TABLE public.shelf (sku text);")
        self.assert_refused(LAST, "was edited after it was applied")
        self.assertFalse(self.has_shelf())

    def test_one_that_is_older_than_what_was_applied_is_refused(self):
        self.assert_applies(*MERGED)
        late = f"{LAST[:4]}_0_late.sql"
        self.assertLess(late, LAST)
        self.write(late, "CREATE TABLE public.shelf (sku text);")
        self.assert_refused(late, "a later migration is there already")
        self.assertFalse(self.has_shelf())
        (self.folder / late).rename(self.folder / NEW)
        self.assert_applies(NEW)

    def test_a_database_that_a_later_version_has_been_at_is_refused(self):
        self.write(NEW, "CREATE TABLE public.shelf (sku text);")
        self.assert_applies(*MERGED, NEW)
        (self.folder / NEW).unlink()
        self.assert_refused(NEW, "was applied by a later version")

    def test_one_that_fails_leaves_nothing_behind_and_may_be_mended(self):
        self.assert_applies(*MERGED)
        self.write(NEW, "CREATE TABLE public.shelf (sku text); SELECT * FROM nowhere;")
        self.assert_refused(NEW, 'relation "nowhere" does not exist')
        self.assertFalse(self.has_shelf())
        self.write(NEW, "CREATE TABLE public.shelf (sku text);")
        self.assert_applies(NEW)

    def test_those_before_one_that_fails_stay(self):
        self.write(NEW, "this is no SQL")
        done = self.migrate()
        self.assertEqual(1, done.returncode)
        self.assertEqual(MERGED, self.applied())

    def test_of_those_who_migrate_at_once_one_does_it(self):
        done = at_once(3, lambda _: self.migrate())
        self.assertEqual([0, 0, 0], [one.returncode for one in done], done)
        self.assertEqual(sorted(f"applied {name}" for name in MERGED),
                         sorted(line for one in done for line in one.stdout.splitlines()))

    def test_a_folder_without_migrations_is_a_mistake(self):
        for folder in (self.folder / "nothing", self.enterContext(tempfile.TemporaryDirectory())):
            self.folder = Path(folder)
            done = self.migrate()
            self.assertEqual((1, ""), (done.returncode, done.stdout))
            self.assertIn(f"souk migrate: {folder}: there are no migrations", done.stderr)

    def test_a_database_that_is_not_there_is_told(self):
        self.dsn = f"{ADMIN} dbname=nothing_here"
        done = self.migrate()
        self.assertEqual((1, ""), (done.returncode, done.stdout))
        self.assertRegex(done.stderr, r"\Asouk migrate: SOUK_ADMIN_DSN: .*nothing_here")


if __name__ == "__main__":
    unittest.main()
