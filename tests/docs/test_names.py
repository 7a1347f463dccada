"""Names of the library that pages speak of exist: what a reader copies compiles."""
import inspect
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import school
import suite

HEADERS = re.sub(r"/\*.*?\*/|//[^\n]*", " ", "\n".join(
    path.read_text() for path in sorted((suite.ROOT / "include/nuages").glob("*.h"))), flags=re.S)
# Names of X-macros: NU_VALIDATION_ERROR is a row "ValidationError" or VALIDATION_ERROR of a list.
DECLARED = set(re.findall(r"\b\w+\b", HEADERS))
PAGES = [*(suite.ROOT / "docs/topics").rglob("*.md"), *(suite.ROOT / "docs/how-to").glob("*.md"),
         *(suite.ROOT / "docs/tutorial").glob("*.md")]


def code_of(page):
    """What stands between backticks, but for blocks."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.M | re.S))


def exists(name):
    return name in DECLARED or (name.startswith("NU_") and name.removeprefix("NU_") in DECLARED)


def test_each_function_that_the_pages_name_is_in_the_headers():
    missing = [f"{page.relative_to(suite.ROOT)}: {name}" for page in PAGES for code in code_of(page)
               for name in re.findall(r"\b(?:nu|NU)_\w+", code) if not name.startswith("nu__") and not exists(name)]
    assert not missing, "\n".join(missing)


def test_each_row_for_django_developers_names_what_is_there():
    page = (suite.ROOT / "docs/topics/for-django-developers.md").read_text()
    rows = [re.split(r"(?<!\\)\|", line)[1:3] for line in page.splitlines() if line.startswith("| `")]
    assert len(rows) >= 30, rows
    own = set()
    for django, ours in rows:
        for code in re.findall(r"`([^`]+)`", ours):
            own |= set(re.findall(r"\b(nu_\w+|NU_\w+|[A-Z][a-z]+(?:[A-Z][a-z]+)+)(?=\s*\()", code))
    missing = sorted(name for name in own if not exists(name))
    assert len(own) >= 20 and not missing, missing


# ---- every name of Django ----------------------------------------------------------------------------------------


def django_names():
    """Public names by module; those of coroutines left out."""
    sys.path.insert(0, str(next((school.venv().parent.parent / "lib").glob("python*/site-packages"))))
    import django.core.cache
    import django.core.exceptions
    import django.core.mail
    import django.db.models
    import django.db.models.functions
    import django.db.transaction
    import django.http
    import django.shortcuts
    import django.urls
    own = lambda module: [name for name, value in vars(module).items() if not name.startswith("_")
                          and (inspect.isfunction(value) or inspect.isclass(value)) and value.__module__ == module.__name__]
    queryset = [name for name, value in vars(django.db.models.QuerySet).items()
                if not name.startswith("_") and callable(value)]
    modules = {"django.core.cache": django.core.cache.__all__, "django.core.mail": django.core.mail.__all__, "django.db.models": django.db.models.__all__, "django.db.models.functions": django.db.models.functions.__all__,
               "django.db.models.QuerySet": queryset, "django.http": django.http.__all__,
               "django.core.exceptions": own(django.core.exceptions), "django.db.transaction": own(django.db.transaction), "django.urls": django.urls.__all__,
               "django.shortcuts": [name for name, value in vars(django.shortcuts).items()
                                     if inspect.isfunction(value) and not name.startswith("_")]}
    return {module: sorted(name for name in names if not (name.startswith("a") and name[1:] in {*names, "prefetch_related_objects"}))
            for module, names in modules.items()}


def same(name):
    return exists("nu_" + name) or exists(name)


def test_every_name_of_django_is_on_its_page():
    page = (suite.ROOT / "docs/reference/django-names.md").read_text()
    parts = {part.split("\n", 1)[0]: part for part in page.split("\n## ")[1:]}
    for module, names in django_names().items():
        told, _, others = parts[module].partition("\n| Django")
        listed, rows = re.findall(r"`(\w+)`", told), re.findall(r"^\| `(\w+)` \|", others, re.M)
        assert len(names) >= 5 and sorted(listed + rows) == names, set(names) ^ {*listed, *rows}
        assert not [name for name in listed if not same(name)], f"{module}: not there: {[n for n in listed if not same(n)]}"
        for name in re.findall(r"\b(?:nu|NU)_\w+", others):
            assert exists(name), f"{module}: {name} is not there"


def test_a_name_that_is_not_there_is_seen():
    assert exists("nu_filter") and exists("NU_VALIDATION_ERROR") and not exists("nu_filtre") and not exists("NU_FAILURE_ERROR")


if __name__ == "__main__":
    suite.main(globals())
