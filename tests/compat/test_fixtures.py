"""dumpdata and loaddata beside Django's over the seeded school: the same text, and each reads the
other's, in JSON, XML and YAML, with natural keys, compressed."""
import bz2
import gzip
import json
import lzma
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


def both(*arguments, over=None):
    """The same command on both sides; its text."""
    database = over or school.copy_of(school.seed())
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
    both("dumpdata", "registry.Enrollment", "auth.User", "registry.Tag", "registry.Student", "auth.Group")
    both("dumpdata", "auth", "contenttypes", "-e", "auth.Permission", "-e", "contenttypes")


def test_what_is_not_there_is_told():
    database = school.copy_of(school.seed())
    for arguments, text in ((["registri"], "No installed app with label 'registri'"),
                            (["registry.Studnt"], "Unknown model: registry.Studnt"),
                            (["--format", "csv"], "Unknown serialization format: csv"),
                            (["registry", "--pks", "1"], "You can only use --pks option with one model")):
        done = school.manage(database, "dumpdata", *arguments)
        assert done.returncode == 1 and text in done.stderr, (arguments, done.stderr)


def test_what_cannot_be_written_is_told_as_in_django():
    database = school.copy_of(school.seed())
    for arguments in (["registry.Tag", "--pks", "1,abc"], ["registry.Tag", "--output", "/nowhere/tags.json"]):
        mine, other = school.manage(database, "dumpdata", *arguments), school.twin_manage(database, "dumpdata", *arguments)
        assert mine.returncode == other.returncode == 1 and mine.stderr == other.stderr, (mine, other)


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


COMPRESSIONS = {"gz": gzip.open, "bz2": bz2.open, "xz": lzma.open, "lzma": lzma.open}


def test_compressed_fixtures_are_written_and_read():
    """Ours by both, Django's by us."""
    seed = school.copy_of(school.seed())
    plain = ours(seed, "dumpdata", *MODELS)
    told = f"Installed {len(json.loads(plain))} object(s) from 1 fixture(s)\n"
    for ending, opened in COMPRESSIONS.items():
        fresh = empty()
        file = fresh.parent / f"school.json.{ending}"
        ours(seed, "dumpdata", "auth.Group", "auth.User", "--natural-foreign", "--output", fresh.parent / "people.json")
        ours(fresh, "loaddata", "people")
        ours(seed, "dumpdata", *MODELS, "--output", file)
        with opened(file, "rt") as text:
            assert text.read() == plain.rstrip("\n"), ending
        assert ours(fresh, "loaddata", "school") == told
        assert theirs(school.copy_of(fresh), "loaddata", file) == told
        theirs(seed, "dumpdata", *MODELS, "--output", file)
        assert ours(fresh, "loaddata", file) == told


def test_compressed_fixtures_that_are_broken_load_nothing():
    seed, fresh = school.copy_of(school.seed()), empty()
    for ending in COMPRESSIONS:
        for damage in (lambda data: data[:len(data) // 2], lambda data: data[:-1], lambda data: b"no such thing"):
            file = fresh.parent / f"tags.jsonl.{ending}"
            ours(seed, "dumpdata", "registry.Student", "--format", "jsonl", "--output", file)
            if ending == "gz" and damage(b"12") == b"no such thing":
                continue  # zlib takes what is not compressed as it is
            file.write_bytes(damage(file.read_bytes()))
            done = school.manage(fresh, "loaddata", file)
            assert done.returncode == 1 and "can't be read: " in done.stderr, (ending, done)
    assert not school.query(fresh, "SELECT * FROM registry_student")


def test_a_full_disk_is_told_of_compressed_fixtures():
    seed, folder = school.copy_of(school.seed()), empty().parent
    for ending in COMPRESSIONS:
        file = folder / f"tags.json.{ending}"
        file.symlink_to("/dev/full")
        done = school.manage(seed, "dumpdata", "registry.Tag", "--output", file)
        assert done.returncode == 1 and done.stderr.startswith("CommandError: "), (ending, done)
        assert "[Errno 28] No space left on device" in done.stderr, (ending, done)


def test_archives_are_refused_with_what_to_do():
    fresh = empty()
    (fresh.parent / "tags.json.zip").write_bytes(b"PK")
    for words in (["loaddata", "tags"], ["dumpdata", "--output", "tags.json.zip"]):
        done = school.manage(fresh, *words)
        assert done.returncode == 1 and "unzip -p FILE |" in done.stderr, done


def test_what_loading_does_is_told_as_verbosely_as_by_django():
    """The folders of the apps that are there differ: those lines are Django's of the twin's app alone."""
    database = school.copy_of(school.seed())
    file = database.parent / "tags.json"
    ours(database, "dumpdata", "registry.Tag", "--output", file)
    (database.parent / "none.json").write_text("[]")
    for verbosity in "0123":
        assert both("loaddata", "-v", verbosity, file, over=database) or verbosity == "0"
    looked = ours(database, "loaddata", "-v", "2", "tags").splitlines()
    assert looked[0] == "Loading 'tags' fixtures..." and f"Checking '{database.parent}' for fixtures..." in looked, looked
    for side in (school.manage, school.twin_manage):
        done = side(database, "loaddata", database.parent / "none.json")
        assert done.returncode == 0 and "No fixture data found for 'none'. (File format may be invalid.)" in done.stderr, done


def test_what_is_left_out_of_a_load_must_be_there():
    for name in ("registri", "registry.tagg"):
        database = school.copy_of(school.seed())
        for side in (school.manage, school.twin_manage):
            done = side(database, "loaddata", "tags", "--exclude", name)
            assert done.returncode == 1 and (f"No installed app with label '{name}'" if "." not in name else
                                             f"Unknown model: {name}") in done.stderr, done


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
    for load in (ours, theirs):
        assert load(fresh, "loaddata", fresh.parent / "old.json", "--ignorenonexistent") == "Installed 1 object(s) from 1 fixture(s)\n"


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
