"""dumpdata and loaddata beside Django's over the seeded school: the same text, and each reads the
other's, in JSON, XML and YAML, with natural keys and gzip."""
import gzip
import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import suite

FORMATS = ("json", "xml", "yaml", "jsonl")
MODELS = [f"registry.{name}" for name in ("Department", "Tag", "Course", "Student", "Enrollment", "Attendance", "Payment")]
PEOPLE = ["auth.Permission", "auth.Group", "auth.User", "contenttypes.ContentType"]


def ours(database, *arguments):
    return school.checked(school.manage(database, *arguments))


def theirs(database, *arguments):
    return school.checked(school.twin_manage(database, *arguments))


def both(*arguments):
    """The same command on both sides; its text."""
    database = school.copy_of(school.seed())
    mine, other = ours(database, *arguments), theirs(database, *arguments)
    if mine != other:
        at = next((i for i, (a, b) in enumerate(zip(mine, other)) if a != b), min(len(mine), len(other)))
        raise AssertionError(f"{arguments} differ at {at}:\nours   {mine[max(at - 120, 0):at + 120]!r}\n"
                             f"theirs {other[max(at - 120, 0):at + 120]!r}")
    return mine


def rows_of(database):
    tables = [name for name in school.tables(database) if name.startswith("registry_")]
    return {table: school.rows(database, table) for table in tables}


def empty():
    """A migrated database without a row of the school's."""
    database = school.fresh_folder() / "db.sqlite3"
    ours(database, "migrate", "-v", "0")
    return database


# ---- dumpdata ----------------------------------------------------------------------------------------


def test_rows_are_written_byte_for_byte():
    for format_ in FORMATS:
        for indent in ((), ("--indent", "2")):
            text = both("dumpdata", *MODELS, "--format", format_, *indent)
            assert len(text) > 10000, format_


def test_natural_keys_are_written():
    for format_ in FORMATS:
        both("dumpdata", *PEOPLE, "--format", format_, "--natural-foreign")
        both("dumpdata", *PEOPLE, "--format", format_, "--natural-foreign", "--natural-primary")


def test_rows_are_chosen():
    both("dumpdata", "registry", "--exclude", "registry.Attendance", "-e", "registry.Payment")
    both("dumpdata", "registry.Student", "--pks", "1,3,5", "--indent", "4")
    both("dumpdata", "registry.Tag", "--all")


def test_what_is_not_there_is_told():
    database = school.copy_of(school.seed())
    for arguments, text in ((["registri"], "No installed app with label 'registri'"),
                            (["registry.Studnt"], "Unknown model: registry.Studnt"),
                            (["--format", "csv"], "Unknown serialization format: csv"),
                            (["registry", "--pks", "1"], "You can only use --pks option with one model")):
        done = school.manage(database, "dumpdata", *arguments)
        assert done.returncode == 1 and text in done.stderr, (arguments, done.stderr)


# ---- loaddata ----------------------------------------------------------------------------------------


def test_each_reads_what_the_other_writes():
    seed = school.copy_of(school.seed())
    people = seed.parent / "people.json"
    ours(seed, "dumpdata", "auth.Group", "auth.User", "--natural-foreign", "--output", people)
    for format_ in FORMATS:
        for writer, reader in ((ours, ours), (theirs, ours), (ours, theirs)):
            fresh = empty()
            file = fresh.parent / f"school.{format_}"
            writer(seed, "dumpdata", *MODELS, "--format", format_, "--output", file)
            ours(fresh, "loaddata", people)
            told = reader(fresh, "loaddata", file)
            assert told.startswith("Installed ") and told.endswith(" object(s) from 1 fixture(s)\n"), told
            want, got = rows_of(seed), rows_of(fresh)
            for table in want:
                keys = [name for name in want[table][0] if name != "id"] if want[table] else []
                # JSON's times end with milliseconds, in Django as here
                cut = (lambda text: re.sub(r"(:\d\d\.\d{3})\d{3}", r"\1", text)) if format_.startswith("json") else str
                strip = lambda rows: sorted(([cut(str(row[k])) for k in keys] for row in rows))
                differ = [(a, b) for a, b in zip(strip(want[table]), strip(got[table])) if a != b]
                assert len(want[table]) == len(got[table]) and not differ, (
                    format_, writer.__name__, reader.__name__, table, differ[:2])


def test_gzip_is_written_and_read():
    seed, fresh = school.copy_of(school.seed()), empty()
    file = fresh.parent / "tags.json.gz"
    ours(seed, "dumpdata", "registry.Tag", "--output", file)
    with gzip.open(file, "rt") as text:
        count = len(json.load(text))
    assert ours(fresh, "loaddata", "tags") == f"Installed {count} object(s) from 1 fixture(s)\n"
    assert theirs(school.copy_of(fresh), "loaddata", file) == f"Installed {count} object(s) from 1 fixture(s)\n"


def test_natural_keys_find_their_rows():
    seed, fresh = school.copy_of(school.seed()), empty()
    file = fresh.parent / "people.json"
    theirs(seed, "dumpdata", "auth.User", "auth.Group", "--natural-foreign", "--natural-primary", "--output", file)
    ours(fresh, "loaddata", file)
    ours(fresh, "loaddata", file)
    names = lambda database: school.query(database, "SELECT username, password FROM auth_user ORDER BY username")
    assert names(seed) == names(fresh)
    groups = "SELECT g.name, p.codename FROM auth_group g JOIN auth_group_permissions gp ON gp.group_id = g.id " \
             "JOIN auth_permission p ON p.id = gp.permission_id ORDER BY 1, 2"
    known = {row[0] for row in school.query(fresh, "SELECT codename FROM auth_permission")}
    assert [row for row in school.query(seed, groups) if row[1] in known] == school.query(fresh, groups)


def refused(content, text, *arguments, name="wrong.json"):
    fresh = empty()
    (fresh.parent / name).write_text(content)
    done = school.manage(fresh, "loaddata", name, *arguments)
    assert done.returncode == 1 and text in done.stderr, (content, done.stdout, done.stderr)
    assert school.query(fresh, "SELECT COUNT(*) FROM registry_tag") == [(0,)]


def test_a_wrong_fixture_loads_nothing_and_says_why():
    good = '{"model": "registry.tag", "pk": 1, "fields": {"name": "a", "slug": "a"}}'
    refused("[", "Problem installing fixture")
    refused(f'[{good}, {{"model": "registry.tagg", "pk": 1, "fields": {{}}}}]', "Invalid model identifier: 'registry.tagg'")
    refused(f'[{good}, {{"model": "registry.tag", "pk": 2, "fields": {{"nam": "b"}}}}]', "Tag has no field named 'nam'")
    refused(f'[{good}, {{"model": "registry.course", "pk": 1, "fields": {{"title": "t", "code": "c", "credits": 1, '
            '"department": 9, "description": "", "fee": "1.00"}}]',
            "has an invalid foreign key: registry_course.department_id contains a value '9' that does not have a "
            "corresponding value in registry_department.id.")
    refused(f'[{good}, {{"model": "registry.student", "pk": 1, "fields": {{"date_of_birth": "never"}}}}]',
            "(registry.student:pk=1) field_value was 'never'")
    refused(good + "\n{", "Expecting property name enclosed in double quotes: line 2 column", name="wrong.jsonl")
    refused("x", "xyz is not a known serialization format.", name="wrong.xyz")
    refused('<!DOCTYPE a [<!ENTITY b "c">]><django-objects version="1.0"></django-objects>', "DTDForbidden", name="wrong.xml")


def test_what_is_gone_is_left_out_on_demand():
    fresh = empty()
    (fresh.parent / "old.json").write_text('[{"model": "registry.gone", "pk": 1, "fields": {}}, {"model": "registry.tag", '
                                           '"pk": 1, "fields": {"name": "a", "slug": "a", "gone": 1}}]')
    assert ours(fresh, "loaddata", "old", "--ignorenonexistent") == "Installed 1 object(s) (of 2) from 1 fixture(s)\n"


def test_a_fixture_that_is_not_there_is_told():
    done = school.manage(empty(), "loaddata", "nowhere")
    assert done.returncode == 1 and "No fixture named 'nowhere' found." in done.stderr, done.stderr


# ---- flush ---------------------------------------------------------------------------------------------


def test_flush_empties_and_counts_from_one_again():
    database = school.copy_of(school.seeded())
    assert "DELETE FROM \"registry_student\";" in ours(database, "sqlflush")
    ours(database, "flush", "--noinput")
    assert all(not rows for rows in rows_of(database).values())
    file = database.parent / "tag.json"
    file.write_text('[{"model": "registry.tag", "fields": {"name": "a", "slug": "a"}}]')
    ours(database, "loaddata", "tag")
    assert school.query(database, "SELECT id FROM registry_tag") == [(1,)]


if __name__ == "__main__":
    suite.main(globals())
