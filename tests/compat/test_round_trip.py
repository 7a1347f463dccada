"""The school and its Django twin over one database, on SQLite, PostgreSQL and MariaDB: what one of them
migrates, the other finds as its own migrations would have made it."""
import pathlib
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import databases
import school
import suite

OURS = ("auth", "contenttypes", "registry", "sessions")


def ours(url, *arguments):
    return school.run([school.PROGRAM, *arguments], {"DATABASE_URL": url}, school.scratch())


def django(url, *arguments, **more):
    """A command of the twin over the same database; `more` is its environment."""
    parsed = urllib.parse.urlsplit(url)
    env = {"SCHOOL_DB_ENGINE": {"sqlite": "sqlite3", "postgres": "postgresql", "mysql": "mysql"}[parsed.scheme]}
    if parsed.scheme == "sqlite":
        env["SCHOOL_DB_NAME"] = url.removeprefix("sqlite:///")
    else:
        query = dict(urllib.parse.parse_qsl(parsed.query))
        env |= {"SCHOOL_DB_NAME": parsed.path.lstrip("/"), "SCHOOL_DB_USER": parsed.username or "",
                "SCHOOL_DB_PASSWORD": urllib.parse.unquote(parsed.password or ""),
                "SCHOOL_DB_HOST": query.get("unix_socket") or parsed.hostname, "SCHOOL_DB_PORT": str(parsed.port or "")}
    return school.run([school.venv(), "manage.py", *arguments], env | more, school.twin_folder())


def done(result):
    return school.checked(result)


EVERY_TABLE = """
from django.apps import apps
for model in apps.get_models():
    if model._meta.app_label in %r:
        list(model.objects.all()[:5])
from registry.models import *
d = Department.objects.create(name="Music", code="mus")
t = Tag.objects.create(name="Choir", slug="choir")
c = Course.objects.create(title="Song", code="MU-101", credits=3, department=d)
c.tags.add(t)
s = Student.objects.create(roll_no="M1", first_name="Cleo", last_name="Lane", email="cleo@example.org")
e = Enrollment.objects.create(student=s, course=c, enrolled_on="2024-01-02")
Attendance.objects.create(enrollment=e, date="2024-01-03")
p = Payment.objects.create(student=s, amount="9.50", method="cash", paid_at="2024-01-04T10:00:00Z")
p.refresh_from_db()
assert str(p.amount) == "9.50" and c.tags.get() == t and s.courses.get() == c
s.delete()
print("read and written")
""" % (OURS,)


def own_tables(schema):
    """The tables that both have: the twin's further apps are Django's alone."""
    return {table: facts for table, facts in schema.items() if table.startswith(("auth_", "django_content", "django_session", "registry_"))
            and not table.startswith("authtoken")}


def django_first(database):
    url = database.fresh()
    done(django(url, "migrate"))
    before = database.schema(url)
    assert "No migrations to apply" in done(ours(url, "migrate"))
    assert "No changes detected" in done(ours(url, "makemigrations", "--check"))
    assert not databases.differences(before, database.schema(url)), "the school changed what Django had made"
    return before


def ours_first(database, made_by_django):
    url = database.fresh()
    done(ours(url, "migrate"))
    differ = databases.differences(own_tables(made_by_django), own_tables(database.schema(url)))
    assert not differ, f"the school's tables are not Django's on {database.name}:\n{differ}"
    told = done(django(url, "migrate", "--fake-initial"))
    assert "registry" not in "".join(line for line in told.splitlines() if "Applying" in line), told
    assert "No changes detected" in done(django(url, "makemigrations", "--check"))
    assert "read and written" in done(django(url, "shell", "-c", EVERY_TABLE))
    assert "No migrations to apply" in done(ours(url, "migrate"))


def round_trip(name):
    with databases.opened(name) as database:
        ours_first(database, django_first(database))


def fake_initial(name):
    """Django's tables without its history: ours takes them as applied, and the reverse."""
    with databases.opened(name) as database:
        url = database.fresh()
        done(django(url, "migrate"))
        before = database.schema(url)
        database.execute(url, "DELETE FROM django_migrations WHERE app = 'registry'")
        told = done(ours(url, "migrate", "--fake-initial"))
        assert "Applying registry.0001_initial... FAKED" in told, told
        assert not databases.differences(before, database.schema(url))
        refused = ours(database.fresh(), "migrate", "registry", "0002")
        assert refused.returncode == 1 and "Cannot find a migration matching '0002' from app 'registry'." in refused.stderr


def test_on_sqlite():
    round_trip("sqlite")


def test_on_postgresql():
    round_trip("postgresql")


def test_on_mariadb():
    round_trip("mysql")


def test_tables_without_their_history():
    for name in ("sqlite", "postgresql", "mysql"):
        fake_initial(name)


if __name__ == "__main__":
    suite.main(globals())
