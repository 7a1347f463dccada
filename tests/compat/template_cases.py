"""Templates and filters with odd values, run by the original; one JSON case a line on stdout.

The form is that of the recordings (tests/conformance/run reads it). Every filter meets every
value, and every argument; every tag meets them too. What depends on memory addresses, chance or
Python's own words for its classes is left out.
"""
import base64
import datetime
import decimal
import itertools
import json
import random
import sys
import uuid

import django
from django.conf import settings

settings.configure(
    USE_TZ=True, TIME_ZONE="UTC", LANGUAGE_CODE="en-us", SECRET_KEY="x", STATIC_URL="/static/", MEDIA_URL="/",
    INSTALLED_APPS=["django.contrib.humanize", "django.contrib.postgres"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}])
django.setup()

from django.template import Context, Engine, TemplateSyntaxError
from django.template.base import VariableDoesNotExist
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override

UTC = datetime.timezone.utc
NOW = datetime.datetime(2024, 5, 17, 12, 30, 45, tzinfo=UTC)


class AnyDatetime(type):
    def __instancecheck__(cls, value):
        return isinstance(value, datetime.datetime)


class FrozenDatetime(datetime.datetime, metaclass=AnyDatetime):
    def __new__(cls, *args, **kwargs):
        return datetime.datetime(*args, **kwargs)

    @classmethod
    def now(cls, tz=None):
        return NOW.astimezone(tz or timezone.get_default_timezone()).replace(tzinfo=tz)


timezone.now = lambda: NOW if settings.USE_TZ else FrozenDatetime.now()

# ---- values

def tag(value):
    """A value in the recordings' form."""
    simple = {
        SafeString: lambda v: {"__safe__": str(v)},
        decimal.Decimal: lambda v: {"__decimal__": str(v)},
        bytes: lambda v: {"__bytes__": base64.b64encode(v).decode()},
        datetime.date: lambda v: {"__date__": v.isoformat()},
        datetime.time: lambda v: {"__time__": v.isoformat()},
        datetime.timedelta: lambda v: {"__timedelta__": v.total_seconds()},
        uuid.UUID: lambda v: {"__uuid__": str(v)},
        tuple: lambda v: {"__tuple__": [tag(i) for i in v]},
        range: lambda v: {"__range__": [v.start, v.stop, v.step]},
        list: lambda v: [tag(i) for i in v],
    }
    if isinstance(value, Promise):
        return str(value)
    if type(value) in simple:
        return simple[type(value)](value)
    if isinstance(value, datetime.datetime):
        return {"__datetime__": value.isoformat()}
    if isinstance(value, dict):
        if all(type(key) is str and not key.startswith("__") for key in value):
            return {key: tag(item) for key, item in value.items()}
        return {"__dict__": [[tag(key), tag(item)] for key, item in value.items()]}
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return {"__float__": str(value)}
    if type(value) is int and abs(value) >= 2**53:
        return {"__int__": str(value)}
    if value is None or type(value) in (bool, int, float, str):
        return value
    raise TypeError(f"no form for {type(value)}")


TEXTS = ["", " ", "a", "0", "1", "-5", "3.14159", "1e3", "abc def", "  padded  ", "Hello, World!", "it's \"quoted\" & <b>bold</b>",
         "line one\nline two\r\nline three\n\n\npara", "<p>one <a href=\"x\">two</a> three four</p>", "ÀÉÎõü ñandú", "ßtraße", "日本語 テキスト",
         "😀 emoji 👨‍👩‍👧", "www.example.com and http://a.b/c?d=e&f=g, me@example.org.", "&lt;escaped&gt; &amp; &eacute;", "tab\there",
         "a,b,c", "2024-05-17", "they're 1st o'clock", "x" * 60, "a-b_c d.e/f", "back\\slash", "null\x00byte", "</script><!-- -->",
         "\u2028sep\u2029", "１２", "%s %d %%", "{{ x }} {% y %}", "True", "None", "1,234.5", "nan", "inf", "Ⅷ", "ǆ", "i̇stanbul", "ΣΊΣΥΦΟΣ"]
NUMBERS = [0, 1, 2, -1, 7, 10, 11, 12, 13, 21, 100, 999, 1000, 1024, -1024, 123456, 999999, 1000000, 1500000, 10**9, 2**31, 2**53 + 1, 10**18, -10**15,
           0.0, -0.0, 0.5, 1.0, 1.5, 2.5, -2.5, 0.1 + 0.2, 34.23234, 34.00000, 39.95, 1e-7, 1e16, 1e20, 1.23e25, 1e-30, float("nan"), float("inf"),
           float("-inf"), 1234567.891, 0.05, 0.045, 1.005, decimal.Decimal("0"), decimal.Decimal("-0"), decimal.Decimal("1.50"), decimal.Decimal("555555555555555.123"),
           decimal.Decimal("1E+5"), decimal.Decimal("0.000001"), decimal.Decimal("9.995"), True, False]
TIMES = [datetime.date(2024, 5, 17), datetime.date(1, 1, 1), datetime.date(2024, 2, 29), datetime.date(2024, 5, 16), datetime.date(2024, 5, 18),
         datetime.datetime(2024, 5, 17, 9, 5, 7, 123456), datetime.datetime(2024, 5, 17, 0, 0), datetime.datetime(2023, 12, 31, 23, 59, 59, tzinfo=UTC),
         datetime.datetime(2024, 5, 17, 12, 30, tzinfo=UTC), datetime.datetime(2024, 5, 17, 11, 29, tzinfo=UTC), datetime.datetime(2025, 1, 1, tzinfo=UTC),
         datetime.time(0, 0), datetime.time(12, 0), datetime.time(13, 45, 30, 42), datetime.timedelta(0), datetime.timedelta(days=-1, seconds=5),
         datetime.timedelta(days=3, hours=4, microseconds=1)]
OTHERS = [None, [], [1], [1, 2, 3], ["a", "<b>", mark_safe("<i>")], [[1, 2], [3]], ["x", ["y", ["z"]]], (), (1,), ("a", 2), {}, {"a": 1}, {"b": "<x>", "a": [1]}, {1: "one", 2.5: None},
          mark_safe(""), mark_safe("<b>safe</b> & 'q'"),
          mark_safe("a b"), [{"n": 2, "s": "b"}, {"n": 1, "s": "a"}, {"n": 3, "s": None}], [{"n": 2, "s": "b"}, {"n": 1, "s": "a"}], [(2, "b"), (1, "a")], [True, False, None], ["", 0, None]]
VALUES = TEXTS + NUMBERS + TIMES + OTHERS

WIDTHS = ["0", "1", "5", "10", "-3", "abc", 0, 3, 7, -2, 2.9, None, "1,000", " 4 ", "", [1], True]
PLACES = [0, 1, 2, 3, -1, -2, -3, "0", "2", "-2", "g", "2g", "u", "2u", "gu", "3gu", "ug", "x", "", None, 1.7, 30, "1e2"]
DATES = ["", "D d M Y", "jS F Y H:i", "N j, Y, P", "c", "r", "U", "L W t z B e I O T Z u v", "\\D\\o\\w D", "DATE_FORMAT", "SHORT_DATETIME_FORMAT", "TIME_FORMAT", "A a f g G h H i s", "y Y o", "E b n m S w l",
         "MONTH_DAY_FORMAT", "Ж y", None, 5]
SLICES = [":2", "1:", "-1:", "::2", "::-1", ":", "1", "a:b", "1:2:3:4", "", "0:0", "-3:-1", "::0", 2, None, " 1 : 2 "]
SEPARATORS = [", ", "<br>", mark_safe("<br>"), "", 1, None]
ARGUMENTS = {
    "add": ["", "1", 2, -3, 1.5, "abc", "2.5", [4], (5,), None, datetime.timedelta(days=1), mark_safe("<i>"), True, {"a": 1}],
    "center": WIDTHS, "ljust": WIDTHS, "rjust": WIDTHS, "truncatechars": WIDTHS, "truncatewords": WIDTHS, "truncatechars_html": WIDTHS, "truncatewords_html": WIDTHS, "urlizetrunc": WIDTHS,
    "wordwrap": [1, 5, 10, 40, "8"], "get_digit": WIDTHS, "divisibleby": [1, 2, 3, "7", 2.5, -2], "cut": ["a", " ", "", "<", "&", ";", "bold", 1, mark_safe("b")],
    "date": DATES, "time": DATES, "default": ["d", None, mark_safe("<d>"), 0], "default_if_none": ["d", None, 0], "floatformat": PLACES,
    "dictsort": ["n", "s", 0, 1, "0", "", "x.y", "_p", None, -1], "dictsortreversed": ["n", 0, "s"], "join": SEPARATORS, "json_script": ["an-id", "", None, "<&'>"],
    "pluralize": ["es", "y,ies", "a,b,c", "", ",", 1], "slice": SLICES, "stringformat": ["s", "d", "05d", "5s", ".2f", "x", "X", "o", "e", "g", "r", "c", "i", "u", "+d", "-8s|", "%", "", "q", "10.3s", "#x", " d", "*d", "s %s", ".3", "a"],
    "timesince": [None, "", datetime.datetime(2024, 5, 17, 12, 30, tzinfo=UTC), datetime.datetime(2023, 1, 1), datetime.date(2024, 5, 20)],
    "timeuntil": [None, datetime.datetime(2024, 5, 1, 12, 30, tzinfo=UTC), datetime.datetime(2023, 1, 1), datetime.date(2024, 5, 1)],
    "urlencode": ["", "/", " &", "é"], "yesno": ["a,b,c", "a,b", "a", "", "a,b,c,d", None, 1], "naturalday": ["Y-m-d"],
}
SKIPPED = {"random", "pprint", "safeseq", "escapeseq"}


# ---- what the original makes of them

FAILS = (TypeError, ValueError, AttributeError, KeyError, IndexError, OverflowError, ZeroDivisionError, decimal.InvalidOperation, LookupError, ArithmeticError)


def error(raised):
    if isinstance(raised, (TemplateSyntaxError, VariableDoesNotExist)) and type(raised).__module__.startswith("django"):
        return type(raised).__name__
    return "TypeError"


def emit(case, number=itertools.count(1)):
    case["id"] = f"{case.pop('group')}#{next(number)}"
    print(json.dumps(case))


def filter_cases():
    engine = Engine(libraries={"humanize": "django.contrib.humanize.templatetags.humanize"})
    humanize = engine.template_libraries["humanize"].filters
    for library, filters in (("builtin", dict(itertools.chain(*(b.filters.items() for b in engine.template_builtins)))), ("humanize", humanize)):
        for name, function in sorted(filters.items()):
            if name in SKIPPED:
                continue
            arguments = ARGUMENTS.get(name)
            for value in VALUES:
                optional = name in ("date", "time", "floatformat", "json_script", "pluralize", "timesince", "timeuntil", "urlencode", "yesno", "naturalday")
                for args in ([[]] if arguments is None or optional else []) + [[a] for a in arguments or ()]:
                    case = {"group": f"filters/{name}", "filter": name, "library": library, "args": [tag(value), *(tag(a) for a in args)], "now": "2024-05-17T12:30:45+00:00"}
                    try:
                        case["output"] = tag(function(value, *args))
                    except FAILS as raised:
                        case["error"] = error(raised)
                    except RecursionError:
                        continue
                    emit(case)


def render(source, context, **options):
    try:
        template = Engine(libraries=LIBRARIES, **options).from_string(source)
    except Exception as raised:
        return {"error": {"type": type(raised).__name__, "message": str(raised), "phase": "compile"}}
    try:
        return {"output": template.render(Context(dict(context), autoescape=options.get("autoescape", True)))}
    except Exception as raised:
        if isinstance(raised, FAILS):
            return {"error": "TypeError"}
        return {"error": {"type": type(raised).__name__, "message": str(raised), "phase": "render"}}


LIBRARIES = {name: f"django.templatetags.{name}" for name in ("i18n", "l10n", "tz", "static", "cache")}
LIBRARIES["humanize"] = "django.contrib.humanize.templatetags.humanize"


def template_case(group, source, context, **options):
    case = {"group": f"templates/{group}", "templates": {}, "source": source, "context": {key: tag(item) for key, item in context.items()}, "now": "2024-05-17T12:30:45+00:00"}
    if options:
        case["options"] = options
    case["libraries"] = LIBRARIES
    case.update(render(source, context, **options))
    emit(case)


def freeze():
    """Stop the clocks that filters and tags read."""
    import django.contrib.humanize.templatetags.humanize as humanize
    import django.template.defaulttags as defaulttags
    import django.utils.timesince as timesince
    for module in (humanize, defaulttags):
        module.datetime = FrozenDatetime
    timesince.datetime = type("module", (), {"datetime": FrozenDatetime, "date": datetime.date, "timedelta": datetime.timedelta})


LANGUAGES = ["de", "fr", "es", "pt-br", "ru", "pl", "ar", "zh-hans", "ja", "hi"]
FORMATS = ["DATE_FORMAT", "TIME_FORMAT", "DATETIME_FORMAT", "YEAR_MONTH_FORMAT", "MONTH_DAY_FORMAT", "SHORT_DATE_FORMAT", "SHORT_DATETIME_FORMAT",
           "DECIMAL_SEPARATOR", "THOUSAND_SEPARATOR", "NUMBER_GROUPING"]
# Numbers of every plural form, and moments to either side of now.
COUNTS = [*range(-1, 26), 100, 101, 102, 111, 112, 121, 1000, 1011, 999999]
COUNTS += [int(f * 10**e) for e in (6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 100) for f in (1, 1.2, 2, 5, 11, 21, 25, 100, 999)]
MOMENTS = [NOW + sign * datetime.timedelta(**{unit: n}) for unit in ("seconds", "minutes", "hours", "days", "weeks")
           for n in (0, 1, 2, 3, 5, 11, 21, 22, 25, 40, 100) for sign in (-1, 1)]
# intcomma has no words; larger integers are decimals in C, which it doesn't mark as safe where digits stay ungrouped.
SPOKEN = {
    "humanize": {name: [(n,) for n in COUNTS] for name in ("apnumber", "intword", "ordinal")} | {"intcomma": [(n,) for n in COUNTS if n < 2**63]} | {name: [(t,) for t in MOMENTS] for name in ("naturalday", "naturaltime")},
    "builtin": {name: [(t, NOW) for t in MOMENTS] for name in ("timesince", "timeuntil")} | {
        "date": [(t, f) for t in MOMENTS + [NOW.replace(month=m, day=1, hour=h) for m in range(1, 13) for h in (0, 12)]
                 for f in ("N j, Y, P", "l D F M b E a A", "DATE_FORMAT", "SHORT_DATETIME_FORMAT")],
        "filesizeformat": [(1024**e * n,) for e in range(6) for n in (0, 1, 2, 5, 11, 1000)],
        "yesno": [(True,), (False,), (None,)], "truncatewords": [("a b c", 2)], "truncatechars": [("abcdef", 3)]},
}


def spoken_cases():
    """Filters that say something in words, in each language. No translations stand beside the cases: the runner's own must do."""
    engine = Engine(libraries={"humanize": LIBRARIES["humanize"]})
    functions = {"humanize": engine.template_libraries["humanize"].filters, "builtin": dict(itertools.chain(*(b.filters.items() for b in engine.template_builtins)))}
    for language, (library, filters) in itertools.product(LANGUAGES, SPOKEN.items()):
        with override(language):
            local = {key: formats.get_format(key, language, use_l10n=True) for key in FORMATS}
            for name, (value, *args) in ((name, call) for name, calls in filters.items() for call in calls):
                emit({"group": f"filters/{language}/{name}", "filter": name, "library": library, "args": [tag(value), *(tag(a) for a in args)], "now": NOW.isoformat(),
                      "env": {"language": language}, "formats": local, "output": tag(functions[library][name](value, *args))})


def main():
    import template_tags
    freeze()
    what = sys.argv[1]
    if what == "spoken":
        return spoken_cases()
    with override("en-us"):
        if what == "filters":
            filter_cases()
        else:
            template_tags.cases(template_case, VALUES)


if __name__ == "__main__":
    main()
