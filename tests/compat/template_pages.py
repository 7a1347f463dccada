"""Pages put together at random from every tag and filter, rendered by the original; cases as in
template_cases.py. What the hand-written lists of template_tags.py put side by side is nested here: loops
in blocks in includes, chains of filters, conditions of operators without order.

    template_pages.py LANGUAGE SEED
"""
import contextlib
import itertools
import random
import sys

import template_cases
import template_tags
from django.template import Context, Engine
from django.test.utils import override_settings
from django.utils import formats, translation

PAGES = 2000
LOAD = "{% load humanize i18n l10n tz %}"

# ---- pieces

VARIABLES = ["t", "word", "digits", "l", "tup", "d", "d.a", "d.b.c", "ints", "ints.1", "n", "f", "big", "dec", "day", "aware", "naive", "clock", "delta", "safe", "nested", "nested.0.x",
             "b", "none", "e", "empty", "rows", "pairs", "nan", "html", "missing", "d.missing", "l.0", "t.0", "t.upper", "rows.0.g", "x", "y", "forloop.counter", "forloop.first",
             "forloop.parentloop.counter0", "block.name", "'lit'", "'<q>'", "5", "-2", "1.25", "\"d'q\"", "d.items", "d.keys", "rows.1", "True", "None", "dd.items", "c", "w"]
FILTERS = ["upper", "lower", "title", "capfirst", "length", "first", "last", "add:1", "add:'a'", "default:'D'", "default_if_none:'N'", "join:', '", "join:'<'", "escape", "force_escape",
           "safe", "safeseq|join:''", "escapeseq|join:'-'", "cut:'a'", "truncatechars:4", "truncatewords:2", "slice:':2'", "slice:'::-1'", "floatformat", "floatformat:2", "floatformat:'-2'",
           "floatformat:'2g'", "floatformat:'u'", "intcomma", "intword", "ordinal", "apnumber", "naturalday", "naturaltime", "yesno", "yesno:'y,n,m'", "date", "date:'D d M Y'",
           "date:'SHORT_DATE_FORMAT'", "date:'DATETIME_FORMAT'", "time", "time:'H:i'", "date:'N j, Y, P'", "timesince", "timeuntil", "pluralize", "pluralize:'y,ies'", "stringformat:'05d'",
           "stringformat:'s'", "center:9", "ljust:6", "wordcount", "wordwrap:5", "linebreaks", "linebreaksbr", "linenumbers", "slugify", "urlencode", "urlize", "striptags", "addslashes",
           "make_list", "dictsort:'v'", "dictsort:0", "dictsortreversed:'v'", "unordered_list", "divisibleby:2", "filesizeformat", "get_digit:2", "phone2numeric", "iriencode", "escapejs",
           "localize", "unlocalize", "localtime", "utc", "timezone:'Asia/Tokyo'", "json_script:'i'", "truncatechars_html:5", "truncatewords_html:1", "urlizetrunc:8"]
TEXTS = ["a", " ", "\n", "<i>", "&", "é", "-", "{ ", "} ", "% ", "x y ", "%s", "\t"]
OPERATORS = ["==", "!=", "<", ">", "<=", ">=", "in", "not in", "is", "is not", "and", "or", "and", "or"]
# <e> an expression, <a> a variable, <c> a condition, <b> what is inside, <N> the next number; "|" parts what one
# of is taken.
TAGS = [
    "{% for x in <l> %}<b>{% endfor %}", "{% for x in <l> reversed %}<b>{% empty %}<b>{% endfor %}", "{% for x, y in <p> %}<b>{% endfor %}",
    "{% if <c> %}<b>{% endif %}", "{% if <c> %}<b>{% elif <c> %}<b>{% else %}<b>{% endif %}", "{% with x=<e> c=<e> %}<b>{% endwith %}", "{% with y=<e> w=<e> %}<b>{% endwith %}",
    "{% cycle <a> <a> <e> %}", "{% cycle <a> <a> as c %}", "{% cycle <a> <a> as c silent %}", "{% cycle 'a' 'b' as c %}{% cycle c %}{% resetcycle c %}{% cycle c %}",
    "{% ifchanged %}<b>{% endifchanged %}", "{% ifchanged <a> <e> %}<b>{% else %}<b>{% endifchanged %}", "{% filter upper %}<b>{% endfilter %}", "{% filter force_escape|cut:'a' %}<b>{% endfilter %}",
    "{% filter urlize|title %}<b>{% endfilter %}", "{% spaceless %}<b>{% endspaceless %}", "{% autoescape on %}<b>{% endautoescape %}", "{% autoescape off %}<b>{% endautoescape %}",
    "{% firstof <a> <e> %}", "{% firstof <a> <e> as w %}", "{% widthratio <a> <a> 100 %}", "{% widthratio <a> <a> n as w %}",
    "{% regroup <l> by <g> as x %}{% for y in x %}{{ y.grouper }}:{{ y.list|length }};<b>{% endfor %}", "{% verbatim %}{{ t }}{% if %}{% endverbatim %}", "{% comment 'x' %}<b>{% endcomment %}",
    "{% blocktranslate with x=<e> %} a {{ x }}%% {{ t }}\n b{% endblocktranslate %}", "{% blocktranslate with x=<e> y=<e> trimmed %}\n  {{ x }}\n {{ y }} {{ missing }} \n{% endblocktranslate %}",
    "{% blocktranslate count x=<n> %}{{ x }} one{% plural %}{{ x }} many {{ n }}{% endblocktranslate %}", "{% blocktranslate asvar w %}q {{ <a1> }}{% endblocktranslate %}[{{ w }}]",
    "{% translate 'x < y' %}", "{% translate t as w %}", "{% translate <a1> %}", "{% translate 'a %% b' context 'k' %}", "{% get_current_language as w %}{{ w }}",
    "{% get_language_info for 'pl' as w %}{{ w.name }}{{ w.name_local }}{{ w.bidi }}", "{% localize on %}<b>{% endlocalize %}", "{% localize off %}<b>{% endlocalize %}",
    "{% timezone 'Asia/Kolkata' %}<b>{% endtimezone %}", "{% timezone 'America/New_York' %}<b>{% endtimezone %}", "{% localtime off %}<b>{% endlocaltime %}", "{% include 'i1' %}", "{% include 'i2' with x=<e> %}",
    "{% include 'i1' with x=<e> only %}", "{% include 'i2' only %}", "{% block <N> %}<b>{% endblock %}", "{{ block.super }}", "{% now 'Y-m-d H:i' %}", "{% now 'DATE_FORMAT' as w %}{{ w }}", "{% lorem 3 w %}",
]
CHOICES = {"<l>": ["l", "tup", "empty", "missing", "rows", "nested", "t", "d", "none", "l|slice:':2'", "rows|dictsort:'v'", "'ab'", "nested.0.x"], "<p>": ["pairs", "d.items", "ints.items", "triples", "rows"],
           "<g>": ["g", "v", "g|upper", "0", "missing", "g|default:'z'"], "<n>": ["n", "l|length", "1", "0", "f", "dec", "b", "none", "missing"], "<a1>": ["t", "n", "f", "safe", "day", "missing", "none"]}


class Writer:
    """Writes pages; the same for the same seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, what):
        return self.random.choice(what)

    def expression(self):
        return "|".join([self.pick(VARIABLES)] + [self.pick(FILTERS) for _ in range(self.pick([0, 0, 0, 1, 1, 2, 3]))])

    def condition(self, depth=0):
        if depth > 2 or self.random.random() < 0.4:
            return self.pick(["", "", "not "]) + self.expression()
        return f"{self.condition(depth + 1)} {self.pick(OPERATORS)} {self.condition(depth + 1)}"

    def fill(self, tag, depth):
        for mark, write in (("<e>", self.expression), ("<c>", self.condition), ("<a>", lambda: self.pick(VARIABLES)), ("<b>", lambda: self.body(depth + 1)),
                            ("<N>", lambda: f"b{next(self.blocks)}"), *((mark, lambda some=some: self.pick(some)) for mark, some in CHOICES.items())):
            while mark in tag:
                tag = tag.replace(mark, write(), 1)
        return tag

    def node(self, depth):
        kind = self.random.random()
        if depth > 3 or kind < 0.2:
            return self.pick(TEXTS)
        if kind < 0.45:
            return "{{ " + self.expression() + " }}"
        return self.fill(self.pick(TAGS), depth)

    def body(self, depth):
        return "".join(self.node(depth) for _ in range(self.pick([0, 1, 1, 2, 2, 3])))

    def child(self, parent, names):
        blocks = (f"{{% block {name} %}}{self.body(1)}{self.pick(['', '{{ block.super }}', '{{ block.super|upper }}'])}{{% endblock %}}" for name in names if self.random.random() < 0.7)
        return f"{{% extends '{parent}' %}}{LOAD}" + "".join(blocks) + self.body(2)

    def page(self):
        """The templates of a page: alone, or the last of three that extend each other."""
        self.blocks = itertools.count(1)
        names = ["p1", "p2", "p3"]
        templates = {"i1": LOAD + self.body(2), "i2": LOAD + "{{ x }}{{ y }}|" + self.pick(["{% cycle 'a' 'b' %}", "{% ifchanged x %}c{% endifchanged %}", "{{ forloop.counter }}", ""])}
        if self.random.random() < 0.5:
            return templates | {"page": LOAD + "".join(self.node(0) for _ in range(self.pick([2, 3, 4, 6])))}
        base = "".join(f"{self.pick(TEXTS)}{{% block {name} %}}{self.body(2)}{{% endblock %}}" for name in names)
        return templates | {"base": LOAD + base, "mid": self.child("base", names), "page": self.child("mid", names)}


# ---- what the original makes of them

def record_translations(found):
    """Have every text that is looked up and is another one then added to `found`."""
    real = translation.trans_real
    gettext, ngettext, pgettext, npgettext = real.gettext, real.ngettext, real.pgettext, real.npgettext

    def note(context, message, plural, number, result):
        if str(result) != str(message if plural is None or number == 1 else plural):
            found.append([context, str(message), plural and str(plural), number, str(result)])
        return result
    real.gettext = lambda message: note(None, message, None, None, gettext(message))
    real.ngettext = lambda one, many, number: note(None, one, many, number, ngettext(one, many, number))
    real.pgettext = lambda context, message: note(context, message, None, None, pgettext(context, message))
    real.npgettext = lambda context, one, many, number: note(context, one, many, number, npgettext(context, one, many, number))
    translation._trans.__dict__.clear()  # it keeps the functions it has found


def outcome(engine):
    phase = "compile"
    try:
        template = engine.get_template("page")
        phase = "render"
        return {"output": template.render(Context(dict(template_tags.CONTEXT)))}
    except template_cases.FAILS:
        return {"error": "TypeError"}
    except Exception as raised:
        return {"error": {"type": type(raised).__name__, "message": str(raised), "phase": phase}}


def is_python(result):
    """The message shows the context's dicts, or tells which of two mistakes Python comes to first."""
    message = result["error"]["message"] if isinstance(result.get("error"), dict) else ""
    return message.startswith("Failed lookup for key") or "argument to 'blocktranslate' tag must be a number" in message


def cases(language, seed):
    writer, found = Writer(seed), []
    local = {key: formats.get_format(key, language, use_l10n=True) for key in template_cases.FORMATS}
    if language != "en-us":
        record_translations(found)
    for _ in range(PAGES):
        templates, invalid = writer.page(), writer.pick(["", "", "", "INV", "[%s]"])
        found.clear()
        result = outcome(Engine(libraries=template_cases.LIBRARIES, string_if_invalid=invalid, loaders=[("django.template.loaders.locmem.Loader", templates)]))
        if is_python(result):
            continue
        template_cases.emit({"group": f"templates/pages-{language}", "templates": templates, "name": "page", "libraries": template_cases.LIBRARIES, "now": template_cases.NOW.isoformat(),
                             "context": {key: template_cases.tag(value) for key, value in template_tags.CONTEXT.items()}, "options": {"string_if_invalid": invalid},
                             "env": {"language": language, "settings": {"USE_THOUSAND_SEPARATOR": language != "en-us"}}, "formats": local, "translations": list(found), **result})


def main():
    language, seed = sys.argv[1], int(sys.argv[2])
    template_cases.freeze()
    with translation.override(language), override_settings(USE_THOUSAND_SEPARATOR=True) if language != "en-us" else contextlib.nullcontext():
        formats.reset_format_cache()
        cases(language, seed)


if __name__ == "__main__":
    main()
