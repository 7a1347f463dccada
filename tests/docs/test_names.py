"""Names of the library that pages speak of exist: what a reader copies compiles."""
import importlib
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


PAGES_OF_NAMES = sorted((suite.ROOT / "docs/reference").glob("django-names*.md"))
# Packages that gather what others define: all that stands in them is theirs.
GATHERED = {"django.forms", "django.db.migrations", "django.dispatch", "django.contrib.messages", "django.contrib.postgres.aggregates",
            "django.contrib.postgres.fields", "django.contrib.postgres.forms", "django.contrib.sessions.serializers"}
IMPORTED_ONLY = {"django.contrib.postgres.forms": {"ValidationError", "chain"}, "django.contrib.sites.models": {"pre_delete", "pre_save"},
                 "django.contrib.auth.hashers": {"setting_changed"}}
APPS = ["contenttypes", "auth", "sessions", "messages", "sites", "flatpages", "redirects", "admin"]


def start_django():
    """Models can be imported; no database is asked."""
    sys.path.insert(0, str(next((school.venv().parent.parent / "lib").glob("python*/site-packages"))))
    import django
    from django.conf import settings
    if not settings.configured:
        settings.configure(SECRET_KEY="k", INSTALLED_APPS=[f"django.contrib.{app}" for app in APPS], DATABASES={})
        django.setup()


def names_in(module, name):
    """Its public names. Signals are theirs who make them, though their class is another's."""
    import django.dispatch
    if hasattr(module, "__all__"):
        return module.__all__
    public = {each: value for each, value in vars(module).items() if not each.startswith("_") and not inspect.ismodule(value)}
    if name in GATHERED:
        return public
    return [each for each, value in public.items() if isinstance(value, django.dispatch.Signal) or
            ((inspect.isfunction(value) or inspect.isclass(value)) and value.__module__ == name)]


def django_names(name):
    """Public names of a module; those of coroutines left out."""
    import django.db.models
    if name == "django.db.models.QuerySet":
        names = [each for each, value in vars(django.db.models.QuerySet).items() if not each.startswith("_") and callable(value)]
    elif name == "django.shortcuts":
        names = [each for each, value in vars(importlib.import_module(name)).items()
                 if inspect.isfunction(value) and not each.startswith("_")]
    else:
        names = names_in(importlib.import_module(name), name)
    names = {*names} - IMPORTED_ONLY.get(name, set())
    return sorted(each for each in names if not (each.startswith("a") and each[1:] in {*names, "prefetch_related_objects"}))


def same(name):
    """A function nu_…, a type or macro of that name, or what names an error's class."""
    return exists("nu_" + name) or (name != name.lower() and exists(name)) or re.search(rf"#define {name}\b", HEADERS)


def sections():
    """Each module's part of the pages: the names of lists and of rows, and the rows' text."""
    for page in PAGES_OF_NAMES:
        for part in page.read_text().split("\n## ")[1:]:
            module, _, text = part.partition("\n")
            told, _, rows = text.partition("\n| Django")
            cells = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| (.*) \|$", rows, re.M)
            assert len(cells) == rows.count("\n|") - 1 or not rows, f"{module}: a row is none"
            lists = " ".join(re.findall(r"^The same[^:]*: (.*?)\.$", told, re.M | re.S))
            yield module, re.findall(r"`(\w+)`", lists), [name for names, _ in cells for name in re.findall(r"`(\w+)`", names)], rows


def test_every_name_of_django_is_on_its_page():
    start_django()
    modules = 0
    for module, listed, in_rows, rows in sections():
        if module in TEMPLATE_MODULES:
            continue
        names = django_names(module)
        assert names and sorted(listed + in_rows) == names, (module, {*names} ^ {*listed, *in_rows})
        missing = [name for name in listed if not same(name)]
        assert not missing, f"{module}: not there: {missing}"
        for name in re.findall(r"\b(?:nu|NU)_\w+", rows):
            assert exists(name), f"{module}: {name} is not there"
        modules += 1
    assert modules >= 100


TEMPLATE_MODULES = ["django.template.defaulttags", "django.template.loader_tags", "django.template.defaultfilters"] + [
    f"django.templatetags.{name}" for name in ("cache", "i18n", "l10n", "static", "tz")]


def test_every_tag_and_filter_of_django_is_on_its_page():
    start_django()
    from django.template.library import import_library
    ours = set(re.findall(r'"(\w+)"', "\n".join(path.read_text() for path in (suite.ROOT / "src/template").rglob("*.c"))))
    parts = {module: listed for module, listed, *_ in sections()}
    for module in TEMPLATE_MODULES:
        library = import_library(module)
        names = sorted(library.tags) + sorted(library.filters)
        assert parts[module] == names and len(names) >= 1, (module, {*names} ^ {*parts[module]})
        assert not {*names} - ours, (module, {*names} - ours)


def test_every_documented_package_has_its_part():
    start_django()
    import django
    root = pathlib.Path(django.__file__).parent
    told = {module for module, *_ in sections()}
    packages = [f"django.{package}{path.stem}" for package in ("utils.", "views.decorators.", "middleware.", "core.", "test.")
                for path in (root / package.replace(".", "/")).glob("*.py") if not path.stem.startswith("_")]
    packages += [f"django.contrib.{path.name}" for path in (root / "contrib").iterdir() if (path / "__init__.py").exists()]
    missing = [name for name in packages if name not in UNDOCUMENTED and not any(each == name or each.startswith(name + ".") for each in told)]
    assert len(packages) >= 60 and not missing, missing


# Modules that no page of Django's documentation tells to import from, and gis, of which the page speaks as a whole.
UNDOCUMENTED = {"django.contrib.gis", "django.contrib.admindocs", "django.core.asgi", "django.core.wsgi", "django.views.decorators.gzip"} | {
    f"django.utils.{name}" for name in """archive asyncio autoreload choices connection copy datastructures dates deconstruct duration formats
    hashable inspect ipv6 itercompat jslex lorem_ipsum numberformat regex_helper termcolors tree version xmlutils""".split()} | {
    f"django.test.{name}" for name in "html runner selenium testcases".split()}


# ---- every name of ours ------------------------------------------------------------------------------------------

DATABASE = ("models", "queries", "expressions", "managers", "transaction", "signals", "databases", "contenttypes", "postgres")


def public_names(header):
    """Functions and macros that are called; not the functions that end in `_` behind macros, nor what macros are made of (NU_…)."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", (suite.ROOT / f"include/nuages/{header}.h").read_text(), flags=re.S)
    macros = re.findall(r"^#define (\w+)\(", text, re.M)
    functions = re.findall(r"^(?:\w+[ *]+)+(nu_\w+|[A-Z]\w+)\(", re.sub(r"^#define(.*\\\n)*.*$", "", text, flags=re.M), re.M)
    return {name for name in macros + functions if not re.match(r"nu__|NU_", name) and not name.endswith("_")}


def test_each_public_name_of_the_database_has_an_example_that_runs():
    run = "\n".join(code for folder in ("reference", "topics") for page in (suite.ROOT / "docs" / folder).rglob("*.md")
                    for code in re.findall(r"^```c[^\n]*\n(.*?)^```$", page.read_text(), re.M | re.S))
    used = set(re.findall(r"\w+", run))
    names = {header: public_names(header) for header in DATABASE}
    assert all(len(of) >= 5 for of in names.values()), {header: len(of) for header, of in names.items()}
    missing = {header: sorted(of - used) for header, of in names.items() if of - used}
    assert not missing, missing


def test_a_name_that_is_not_there_is_seen():
    assert exists("nu_filter") and exists("NU_VALIDATION_ERROR") and not exists("nu_filtre") and not exists("NU_FAILURE_ERROR")


if __name__ == "__main__":
    suite.main(globals())
