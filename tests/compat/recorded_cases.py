"""The recorded calls of filters and renderings of templates, changed at random and run by the original; one JSON case a
line on stdout, in the form of the recordings.

    recorded_cases.py filters|templates RECORDED.jsonl SEED

Arguments and contexts change as those of helpers do (utils_cases.py). Templates lose, double and swap pieces, get tags of
other templates, other filters, other names. Every case is first run as it was recorded, which shows that this program and
the recording mean the same."""
import contextlib
import json
import pathlib
import re
import sys
import types
import unicodedata

import template_cases  # sets Django up
import template_pages
import utils_cases

from django.core.cache import cache
from django.core.cache.backends import base, locmem
from django.template import Context, Engine, RequestContext
from django.test import RequestFactory
from django.test.utils import override_settings
from django.urls import include, path, re_path
from django.utils import formats, timezone, translation
from django.utils.functional import Promise

FILTERS, TEMPLATES = 300, 8000
TOKEN = re.compile(r"(\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\})", re.DOTALL)
NAME, FILTER = re.compile(r"(?<![\w|.\"'])[a-z_][\w.]*(?![\w\"'=(])"), re.compile(r"(?<=\|)\w+")
FOUND = []  # translations that the running case has looked up


@contextlib.contextmanager
def environment(case):
    env = case.get("env", {})
    settings = {"TIME_ZONE": env.get("default_timezone", "UTC"), "USE_TZ": env.get("use_tz", True), "STATIC_URL": "/static/", "MEDIA_URL": "/", **env.get("settings", {})}
    with override_settings(**settings), translation.override(env.get("language", "en-us")), timezone.override(env.get("timezone", "UTC")):
        formats.reset_format_cache()
        FOUND.clear()
        yield


def local_formats(case):
    language = case.get("env", {}).get("language", "en-us") or "en-us"
    return {key: formats.get_format(key, language, use_l10n=True) for key in template_cases.FORMATS}


# ---- filters -------------------------------------------------------------------------------------

ENGINE = Engine(libraries={"humanize": template_cases.LIBRARIES["humanize"]})
LIBRARIES = {"builtin": {name: function for library in ENGINE.template_builtins for name, function in library.filters.items()}, "humanize": ENGINE.template_libraries["humanize"].filters}


def filtered(case):
    function = LIBRARIES[case["library"]][case["filter"]]
    args = utils_cases.untag(case["args"])
    try:
        found = function(*args, **case.get("kwargs", {}))
    except template_cases.FAILS as raised:
        return {"error": template_cases.error(raised)}
    return {"output": template_cases.tag(str(found) if isinstance(found, Promise) else found)}


def changed_filter(changer, case):
    kept = {key: case[key] for key in ("filter", "library", "env", "now", "kwargs") if key in case}
    args = [changer.value(one) for one in case["args"]]
    return {"group": f"filters/{case['filter']}", **kept, "args": args}


# ---- templates -----------------------------------------------------------------------------------

URLCONFS = {}


def patterns(entries):
    found = []
    for entry in entries:
        make, route = (path, entry["route"]) if entry["type"] == "path" else (re_path, entry["regex"])
        inner = entry.get("include")
        view = (lambda request, **kwargs: None) if inner is None else include((patterns(inner), entry["app_name"]) if "app_name" in entry else patterns(inner), namespace=entry.get("namespace"))
        found.append(make(route, view, entry.get("kwargs"), name=entry.get("name")))
    return found


def urlconf(name):
    if name not in URLCONFS:
        URLCONFS[name] = types.ModuleType(f"urlconf_{name}")
        URLCONFS[name].urlpatterns = patterns(RECORDED_URLCONFS[name]) if name else []
    return URLCONFS[name]


def context_of(case):
    values, options = {key: utils_cases.untag(one) for key, one in case["context"].items()}, case.get("options", {})
    how = {"autoescape": options.get("context_autoescape", options.get("autoescape", True)), "use_l10n": options.get("use_l10n"), "use_tz": options.get("context_use_tz")}
    if "request" not in case:
        return Context(values, **how)
    request = case["request"]
    made = RequestFactory().generic(request.get("method", "GET"), request["path"], QUERY_STRING=request.get("query", ""))
    how.pop("autoescape")
    return RequestContext(made, values, **how)


def rendered(case):
    options = {key: one for key, one in case.get("options", {}).items() if key in ("autoescape", "string_if_invalid", "debug")}
    phase, context = "compile", context_of(case)
    try:
        with override_settings(ROOT_URLCONF=urlconf(case.get("urlconf", ""))):
            engine = Engine(libraries=case.get("libraries", {}), loaders=[("django.template.loaders.locmem.Loader", case["templates"])], **options)
            template = engine.from_string(case["source"]) if "source" in case else engine.get_template(case["name"])
            phase = "render"
            return {"output": template.render(context)}
    except template_cases.FAILS:
        return {"error": "TypeError"}
    except RecursionError:
        return {"error": "RuntimeError"}
    except Exception as raised:
        return {"error": {"type": type(raised).__name__, "message": str(raised), "phase": phase}}


class TemplateChanger:
    def __init__(self, changer, cases):
        self.changer, self.random = changer, changer.random
        sources = [source for case in cases for source in [*case["templates"].values(), case.get("source", "")]]
        self.tokens = [token for source in sources for token in TOKEN.split(source) if token]
        self.names = sorted({name for source in sources for token in TOKEN.findall(source) for name in NAME.findall(token)} - {"as", "in", "by", "with", "only"})
        self.filters = sorted({name for library in ENGINE.template_builtins for name in library.filters} - {"random"})

    def replaced(self, token, expression, by):
        spans = [found.span() for found in expression.finditer(token)]
        if not spans:
            return token
        start, end = self.random.choice(spans)
        return token[:start] + self.random.choice(by) + token[end:]

    def token(self, token, names):
        kind = self.random.randrange(6)
        if kind == 0:
            return self.changer.text(token)
        if kind == 1:
            return self.replaced(token, FILTER, self.filters)
        if kind == 2:
            return self.replaced(token, NAME, names or self.names)
        if kind == 3 and token.startswith("{{") and token.endswith("}}"):
            return f"{token[:-2].rstrip()}|{self.random.choice(self.filters)} }}}}"
        if kind == 4:
            return self.replaced(token, NAME, self.names)
        return self.random.choice(self.tokens)

    def source(self, source, names):
        tokens = TOKEN.split(source)
        for _ in range(self.random.choice([1, 1, 1, 2])):
            at = self.random.randrange(len(tokens))
            kind = self.random.randrange(10)
            if kind < 7:
                tokens[at] = self.token(tokens[at], names)
            elif kind == 7:
                tokens[at] = ""
            elif kind == 8:
                tokens[at] *= 2
            else:
                other = self.random.randrange(len(tokens))
                tokens[at], tokens[other] = tokens[other], tokens[at]
        return "".join(tokens)

    def case(self, case):
        kept = {key: case[key] for key in ("templates", "name", "source", "context", "libraries", "env", "now", "urlconf", "request", "options") if key in case}
        names = list(case["context"])
        if names and self.random.random() < 0.6:
            kept["context"] = {key: self.changer.value(one) for key, one in case["context"].items()}
        places = [*case["templates"], *(["source"] if "source" in case else [])]
        if places and self.random.random() < 0.7:
            where = self.random.choice(places)
            if where == "source":
                kept["source"] = self.source(case["source"], names)
            else:
                kept["templates"] = {**case["templates"], where: self.source(case["templates"][where], names)}
        return {"group": f"templates/{case['id'].split('/')[1].split(':')[0]}", **kept}


# ---- both ----------------------------------------------------------------------------------------

def message_of(found):
    return found["error"].get("message", "") if isinstance(found.get("error"), dict) else ""


def extends_late(case):
    tokens = [[token for token in TOKEN.split(source) if token.startswith(("{%", "{{"))] for source in [*case.get("templates", {}).values(), case.get("source", "")]]
    return any("{%extends" in token.replace(" ", "") for some in tokens for token in some[1:])


def asks_for_many_places(case):
    return case.get("filter") == "floatformat" and len(case["args"]) > 1 and isinstance(case["args"][1], int) and abs(case["args"][1]) > 1000


def texts_given(case):
    return list(utils_cases.texts_of(case.get("args") or case.get("context")))


def asks_for_newer_host(case):
    return case.get("filter", "urlize").startswith("urlize") and any("@" in text and any(unicodedata.ucd_3_2_0.category(c) == "Cn" for c in text) for text in texts_given(case))


# Where the two may differ, and why.
LEFT_OUT = [
    # Django names the tag that is not closed then, Nuages the mistake.
    lambda case, found: extends_late(case) and "error" in found,
    # The context as Python shows it.
    lambda case, found: message_of(found).startswith("Failed lookup for key"),
    # Without URLs there is no name to look for.
    lambda case, found: isinstance(found.get("error"), dict) and found["error"]["type"] == "NoReverseMatch" and "urlconf" not in case,
    # Chance.
    lambda case, found: "|random" in json.dumps([case.get("templates"), case.get("source")]),
    # Python's hosts are of the Unicode of 2002; a newer character makes an address none.
    lambda case, found: asks_for_newer_host(case),
    # Integers have up to 38 digits.
    lambda case, found: case.get("filter") in LIBRARIES["humanize"] and any(len(re.findall(r"\d", text)) > 38 for text in texts_given(case)),
    # A text by _() is a lazy one in Python: filters that take no text do not see that it is safe.
    lambda case, found: re.search(r"\{\{\s*_\(", json.dumps([case.get("templates"), case.get("source")])),
    # Nuages shows at most 1,000 places.
    lambda case, found: asks_for_many_places(case),
]


class StandingClock:
    """Of the cache: fragments get old in no time, or never, as in the runner of the cases."""

    @staticmethod
    def time():
        return 0



RUN = {"filters": filtered, "templates": rendered}


def outcome(kind, case):
    with environment(case):
        return {**RUN[kind](case), "formats": local_formats(case), "translations": list(FOUND)}


def told_otherwise(kind, cases):
    return [case["id"] for case in cases if not utils_cases.is_told_by_recording(case, outcome(kind, case))]


def changes(kind, cases, seed):
    changer = utils_cases.Changer(seed, [text for case in cases for text in utils_cases.texts_of(case.get("args") or case.get("context"))])
    if kind == "templates":
        writer = TemplateChanger(changer, cases)
        for _ in range(TEMPLATES):
            yield writer.case(changer.random.choice(cases))
        return
    by_name = {}
    for case in cases:
        by_name.setdefault(case["filter"], []).append(case)
    for _, some in sorted(by_name.items()):
        for _ in range(FILTERS):
            yield changed_filter(changer, changer.random.choice(some))


def main():
    global RECORDED_URLCONFS
    kind, recorded, seed = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
    RECORDED_URLCONFS = json.loads((recorded.parent / "urlconfs.json").read_text())
    cases = [json.loads(line) for line in recorded.open()]
    template_cases.freeze()
    template_pages.record_translations(FOUND)
    base.time = locmem.time = StandingClock
    wrong = told_otherwise(kind, cases)
    print(f"{len(wrong)} of {len(cases)} recordings are told otherwise: {wrong[:20]}", file=sys.stderr)
    cache.clear()
    for case in changes(kind, cases, seed):
        with contextlib.suppress(TypeError, ValueError):  # what no recording can hold
            found = outcome(kind, case)
            if not any(rule(case, found) for rule in LEFT_OUT):
                template_cases.emit({"now": template_cases.NOW.isoformat(), **case, **found})


if __name__ == "__main__":
    main()
