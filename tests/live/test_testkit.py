"""`manage test`: what a site's developer sees of tests that pass, fail, crash, leak."""
import functools
import os
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import suite

PROGRAM = suite.BUILD / "tests/live/testkit-site"  # tests/live/testkit_site.c: with the sanitizers
FLAGS = {"ASAN_OPTIONS": "detect_leaks=1:detect_stack_use_after_return=0"}


@functools.cache
def folder():
    return school.fresh_folder()


def run(*arguments, cwd=None):
    """Status and everything printed."""
    done = subprocess.run([str(PROGRAM), "test", *arguments], cwd=cwd or folder(), stdin=subprocess.DEVNULL,
                          env={**os.environ, **FLAGS}, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", timeout=school.TIME_LIMIT)
    return done.returncode, done.stdout


def failing(name, *texts):
    status, told = run(name)
    assert status == 1 and "FAILED (" in told, told
    for text in texts:
        assert text in told, f"{text!r} is not in:\n{told}"
    return told


# ---- what is told --------------------------------------------------------------------------------


def test_the_school_passes_its_tests():
    done = school.checked(school.run([school.PROGRAM, "test"], {}, folder()))
    assert done == "System check identified no issues (0 silenced).\n", done


def test_what_passes_is_told_as_django_tells_it():
    status, told = run("--tag", "good", "--buffer")
    assert status == 0, told
    lines = told.splitlines()
    assert lines[0] == "Found 5 test(s)." and lines[1] == "Creating test database for alias 'default'...", told
    assert "....." in lines and "OK" in lines and lines[-1] == "Destroying test database for alias 'default'...", told


def test_a_failed_assertion_shows_both_values_and_the_line():
    source = (pathlib.Path(__file__).parent / "testkit_site.c").read_text().splitlines()
    line = next(n for n, text in enumerate(source, 1) if "nu_assert_equal(title, \"two\")" in text)
    failing("numbers_differ", f'tests/live/testkit_site.c:{line}: title', "got   'one'", "want  'two'")


def test_each_assertion_fails_where_it_must():
    failing("html_differs", "got:", "want:", "<b>")
    failing("too_many_queries", "2 queries executed, 1 expected", "1. SELECT")
    failing("nothing_raised", "raised nothing, where ValidationError was awaited")
    failing("another_error", "raised ValueError: wrong", "want   ValidationError")
    failing("text_missing", "couldn't find 'Nobody'")
    failing("other_template", "template 'other.html' was not a template used")
    failing("leads_elsewhere", "response redirected to '/', expected '/elsewhere/'")
    failing("form_is_right", "got   ['This field is required.']", "want  []")
    failing("view_raises", "ZeroDivisionError: division by zero")


def test_a_column_that_only_the_model_has_is_told_with_what_to_do():
    failing("column_is_missing", "OperationalError: table site_page has no column named title (",
            "\n  The database has no column site_page.title of the model site.Page: run `manage makemigrations site`")
    assert "makemigrations" not in failing("sql_is_misspelt", "OperationalError: no such column: titel")


def line_of(words, nth=0):
    source = (pathlib.Path(__file__).parent / "testkit_site.c").read_text().splitlines()
    return [n for n, text in enumerate(source, 1) if words in text][nth]


def test_an_error_is_told_with_the_lines_of_the_site_that_it_came_by():
    told = failing("view_raises", "ZeroDivisionError: division by zero")
    view, test = line_of("ZERO_DIVISION"), line_of('nu_client_get(nu_test_client(t), "/broken/");')
    for line, words in ((view, "in broken"), (test, "in view_raises")):
        assert re.search(rf"^  \S*testkit_site.c:{line}, {words}\n      \S", told, re.M), (line, words, told)
    assert "/src/" not in told[told.index("testkit_site.c:"):].replace("../src/", ""), told


def test_an_assertion_of_a_helper_is_told_with_the_line_of_the_test():
    told = failing("fails_in_a_helper", f"testkit_site.c:{line_of('page->title.len > 0')}: page->title.len > 0")
    assert re.search(rf"testkit_site.c:{line_of('is_in_order(nu_new(Page))')}, in fails_in_a_helper\n +is_in_order", told), told
    assert ", in numbers_differ" not in failing("numbers_differ"), "one line is told already"


def test_a_known_bug_may_fail_and_says_when_it_is_gone():
    status, told = run("a_known_bug", "-v", "2")
    assert status == 0 and "site.a_known_bug ... expected failure" in told and "OK (expected failures=1)" in told, told
    status, told = run("a_known_bug", "a_bug_that_is_no_more")
    assert status == 1 and "FAILED (expected failures=1, unexpected successes=1)" in told, told
    assert "UNEXPECTED SUCCESS: site.a_bug_that_is_no_more" in told, told


def test_an_assertion_that_is_caught_fails_its_test_too():
    failing("swallowed", "false")


def test_a_skipped_test_says_why():
    status, told = run("skips", "-v", "2")
    assert status == 0 and "site.skips ... skipped 'not today'" in told and "OK (skipped=1)" in told, told


# ---- what goes wrong --------------------------------------------------------------------------------


def test_a_crash_takes_one_test_with_it():
    status, told = run("--tag", "crash")
    assert status == 1 and "Found 3 test(s)." in told and "errors=1" in told, told
    assert "ERROR: site.null_dereference" in told and "the test ended its process" in told, told
    assert "Ran 3 tests" in told, told


def test_what_a_test_forks_runs_no_other_tests():
    status, told = run("forks_and_returns", "passes", "skips")
    assert status == 0 and "Ran 3 tests" in told and "skipped=1" in told, told


def test_checks_are_left_out_on_demand():
    status, told = run("passes", "--skip-checks")
    assert status == 0 and "System check" not in told and "OK" in told, told


def test_leaks_fail_their_test_alone():
    status, told = run("--tag", "leak")
    assert status == 1 and "errors=2" in told and "Ran 3 tests" in told, told
    assert "ERROR: site.leaks_memory" in told and "the test leaked memory" in told, told
    assert "ERROR: site.leaks_a_descriptor" in told and "left descriptor" in told, told
    assert "testkit_site.c" in told[told.index("LeakSanitizer"):], told


def test_a_test_without_an_end_is_ended():
    status, told = run("never_ends", "--time-limit", "1")
    assert status == 1 and "ERROR: site.never_ends" in told, told
    assert "the test ran longer than 1.0 s and was ended" in told[told.index("ERROR: "):], told


# ---- isolation ------------------------------------------------------------------------------------


def test_no_row_setting_or_clock_survives_its_test():
    status, told = run("--tag", "isolation")
    assert status == 0 and "Ran 6 tests" in told, told
    status, told = run("--tag", "isolation", "--reverse")
    assert status == 0 and "Ran 6 tests" in told, told


def test_processes_have_a_database_each():
    status, told = run("--tag", "isolation", "--parallel", "3")
    assert status == 0 and "Ran 6 tests" in told, told


def test_the_database_is_kept_on_demand():
    where = school.fresh_folder()
    for expected in ("kept", "kept"):
        status, told = run("--tag", "good", "--keepdb", cwd=where)
        assert status == 0 and "Using existing test database" in told, told
        assert (where / "test_site.sqlite3").is_file(), (expected, list(where.iterdir()))
    assert not (where / "site.sqlite3").exists()
    assert school.query(where / "test_site.sqlite3", "SELECT COUNT(*) FROM site_page") == [(0,)]


# ---- choosing ---------------------------------------------------------------------------------------


def names(*arguments):
    status, told = run("--list", *arguments)
    assert status == 0, told
    return told.split()


def test_tests_are_chosen_by_app_name_pattern_and_tag():
    everything = names()
    assert len(everything) > 20 and all(name.startswith("site.") for name in everything)
    assert names("site") == everything == names("site.tests")
    assert names("site.skips") == ["site.skips"] == names("skips")
    assert names("-k", "leaks") == [n for n in everything if "leaks" in n]
    assert names("-k", "site.html_d*") == ["site.html_differs"]
    tagged = names("--tag", "leak")
    assert len(tagged) == 3 and set(names("--exclude-tag", "leak")) == set(everything) - set(tagged)
    assert names("--tag", "leak", "--tag", "crash") == [n for n in everything if n in tagged + names("--tag", "crash")]


def test_an_order_by_chance_is_the_same_for_its_seed():
    assert names("--shuffle=7") == names("--shuffle=7") != names()
    assert sorted(names("--shuffle=7")) == sorted(names())


def test_a_misspelt_name_gets_a_suggestion():
    status, told = run("skps")
    assert status == 1 and "'skps' is no app and no test" in told and "skips" in told, told


def test_the_last_failed_are_run_again():
    where = school.fresh_folder()
    run("numbers_differ", "html_differs", "passes", cwd=where)
    status, told = run("--last-failed", cwd=where)
    assert status == 1 and "Ran 2 tests" in told and "failures=2" in told, told
    status, told = run("--last-failed", "--failfast", cwd=where)
    assert status == 1 and "Ran 1 test " in told, told
    assert len((where / ".nuages-failed").read_text().split()) == 2, "the one that did not run is not forgotten"
    (where / ".nuages-failed").write_text("fine.renamed_since\n")
    status, told = run("--last-failed", "passes", cwd=where)
    assert status == 0 and "Ran 1 test " in told and not (where / ".nuages-failed").exists(), "where none is left, all run"


def test_failfast_stops_at_the_first_failure():
    status, told = run("--failfast", "numbers_differ", "html_differs", "text_missing")
    assert status == 1 and "Ran 1 test in" in told, told


def test_the_statements_of_a_failing_test_are_shown_on_demand():
    status, told = run("--debug-sql", "too_many_queries", "passes")
    assert status == 1 and re.search(r"Statements:\n(.*\n)*\(0\.\d{3}\) SELECT .*; args=\(.*\); alias=default", told), told
    assert told.count("alias=default") == len(re.findall(r"^\(\d\.\d{3}\) ", told, re.M)), told
    assert "alias=default" not in run("too_many_queries")[1]
    status, told = run("-d", "-v", "2", "another_one_beside_a_crash")
    assert status == 0 and re.search(r"site.another_one_beside_a_crash ... ok\n(.*\n)*\(0\.\d{3}\) ", told), told


def test_the_statements_of_a_test_that_crashes_are_shown_on_demand():
    status, told = run("--debug-sql", "--buffer", "writes_and_crashes")
    assert status == 1 and "errors=1" in told, told
    shown = told[told.index("the test ended its process"):]
    assert re.search(r"Output:\nheard before the end\n(.*\n)*Statements:\n(.*\n)*\(0\.\d{3}\) INSERT INTO .*Before the end", shown), told
    assert "INSERT INTO" not in run("writes_and_crashes")[1]


def test_what_the_databases_took_is_told_on_demand():
    status, told = run("--timing", "passes")
    assert status == 0 and re.search(r"Total database setup took \d+\.\d{3}s\n  Creating 'default' took \d+\.\d{3}s\n"
                                     r"Total database teardown took \d+\.\d{3}s\nTotal run took \d+\.\d{3}s\n$", told), told
    assert "took" not in run("passes")[1]


# ---- for machines -------------------------------------------------------------------------------------


def test_results_are_written_as_junit_xml():
    where = school.fresh_folder()
    run("passes", "numbers_differ", "skips", "view_raises", "--junit", "results.xml", cwd=where)
    suite_ = xml.etree.ElementTree.parse(where / "results.xml").getroot()
    assert {k: suite_.get(k) for k in ("tests", "failures", "errors", "skipped")} == {
        "tests": "4", "failures": "1", "errors": "1", "skipped": "1"}
    cases = {case.get("name"): case for case in suite_}
    assert "want  'two'" in cases["numbers_differ"].find("failure").text
    assert cases["skips"].find("skipped").get("message") == "not today"
    run("a_known_bug", "a_bug_that_is_no_more", "tells_what_is_no_text", "--junit", "results.xml", cwd=where)
    suite_ = xml.etree.ElementTree.parse(where / "results.xml").getroot()
    assert {k: suite_.get(k) for k in ("tests", "failures", "errors", "skipped")} == {
        "tests": "3", "failures": "2", "errors": "0", "skipped": "1"}
    assert "caf\ufffd" in suite_.find("testcase[@name='tells_what_is_no_text']/failure").text
    assert cases["passes"].get("file").endswith("testkit_site.c") and int(cases["passes"].get("line")) > 1


def test_what_a_failing_test_prints_is_shown_with_it():
    status, told = run("--buffer", "prints_and_fails", "prints_and_passes")
    assert status == 1 and "Output:\nheard of the failing" in told and "heard of the passing" not in told, told


if __name__ == "__main__":
    suite.main(globals())
