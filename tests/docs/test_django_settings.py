"""docs/reference/django-settings.md has each setting, command and method of Django's, and names of ours that are there."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import suite
import test_names

PAGE = (suite.ROOT / "docs/reference/django-settings.md").read_text()


def part(title):
    """Names that are the same, and those of rows."""
    text = PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]
    told, _, rows = text.partition("\n| Django")
    cells = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| .* \|$", rows, re.M)
    assert len(cells) == rows.count("\n|") - 1, f"{title}: a row is none"
    same = told[told.index("The same"):] if "The same" in told else ""
    return [name for name in re.findall(r"`(\w+)`", same) if name != "nu_settings"], [name for names in cells for name in re.findall(r"`(\w+)`", names)]


def check(title, names):
    same, rows = part(title)
    assert names and sorted(same + rows) == sorted(names), (title, {*names} ^ {*same, *rows})
    return same


def own(*classes):
    """What they define, coroutines left out."""
    names = {name for each in classes for name in vars(each) if not name.startswith("_")}
    return {name for name in names if not (name.startswith("a") and name[1:] in names)}


def test_every_setting_is_there():
    test_names.start_django()
    from django.conf import global_settings
    same = check("Settings", [name for name in dir(global_settings) if name.isupper()])
    ours = (suite.ROOT / "docs/reference/settings.md").read_text()
    missing = [name for name in same if f"| `{name}`, " not in ours]
    assert len(same) >= 70 and not missing, missing


def test_every_command_is_there():
    test_names.start_django()
    import django.contrib.staticfiles
    from django.core.management import find_commands, get_commands
    static = find_commands(pathlib.Path(django.contrib.staticfiles.__file__).parent / "management")
    same = check("Commands", {*get_commands(), *static})
    help_ = school.run([school.PROGRAM, "help"], {}, suite.ROOT).stdout
    missing = [name for name in same if not re.search(rf"^    {name} ", help_, re.M)]
    assert len(same) >= 25 and not missing, missing


def test_every_method_of_requests_and_responses_is_there():
    test_names.start_django()
    from django.http import HttpRequest, HttpResponse, QueryDict
    from django.http.response import HttpResponseBase
    check("HttpRequest", own(HttpRequest))
    check("HttpResponse", own(HttpResponseBase, HttpResponse))
    check("QueryDict", own(QueryDict))


def test_every_method_of_test_cases_is_there():
    test_names.start_django()
    from django.test import LiveServerTestCase, SimpleTestCase, TestCase, TransactionTestCase
    check("Test cases", own(SimpleTestCase, TransactionTestCase, TestCase, LiveServerTestCase))


def test_what_is_ours_is_there():
    missing = [name for name in re.findall(r"\bnu_\w+", PAGE) if not test_names.exists(name)]
    assert not missing, missing
    members = re.findall(r"`\.(\w+)`", PAGE)
    missing = [name for name in members if not re.search(rf"\b{name}\b", test_names.HEADERS)]
    assert len(members) >= 15 and not missing, missing


if __name__ == "__main__":
    suite.main(globals())
