"""Families of templates that define and use partials, put together at random, rendered by the Django that has them (6.0);
cases as in template_cases.py. Left out: {% extends %} inside of a tag, of which Django says that the tag's end is unknown,
and Nuages that it must come first.

    partial_cases.py SEED
"""
import random
import sys

import template_cases
from django.template import Context, Engine

FAMILIES = 3000
CONTEXT = {"t": "a <b>", "n": 2, "l": [3, 1, 1], "rows": [{"g": "x", "v": 1}, {"g": "x", "v": "<2>"}], "p": "row", "e": ""}
NAMES = ["row", "cell", "a-b", "a#b", "b", "'q'", "é", "inline", "1"]
# <b> what is inside, <n> a name, <f> a file.
TAGS = [
    "{% for x in l %}<b>{% endfor %}", "{% if n %}<b>{% else %}<b>{% endif %}", "{% with t=n %}<b>{% endwith %}", "{% with x='<i>' %}<b>{% endwith %}", "{% autoescape off %}<b>{% endautoescape %}",
    "{% cycle 'p' 'q' 'r' %}", "{% cycle 'p' 'q' as c %}", "{% cycle 'p' 'q' as c silent %}{{ c }}", "{% ifchanged %}<b>{% endifchanged %}", "{% ifchanged x %}+{% else %}-{% endifchanged %}",
    "{% firstof e t as x %}", "{% now 'Y' as y %}", "{% filter upper %}<b>{% endfilter %}", "{% spaceless %} <b> {% endspaceless %}", "{{ t }}", "{{ x }}", "{{ y }}", "{{ c }}", "{{ forloop.counter }}", "{{ block.super }}",
    "{{ block.name }}", "{% regroup rows by g as y %}", "{% comment %}<b>{% endcomment %}", "{% verbatim %}{% partial row %}{% endverbatim %}",
]
USES = ["{% partial <n> %}"] * 6 + ["{% include '<f>#<n>' %}", "{% include '<f>#<n>' with x=t only %}", "{% include '<f>' %}", "{% include './<f>#<n>' %}", "{% for x in rows %}{% partial <n> %}{% endfor %}",
                                    "{% with x=n %}{% partial <n> %}{% endwith %}"]
DEFINITIONS = ["{% partialdef <n> %}<b>{% endpartialdef %}"] * 3 + ["{% partialdef <n> inline %}<b>{% endpartialdef %}", "{% partialdef <n> inline %}<b>{% endpartialdef <n> %}", "{% partialdef <n> %}<b>{% endpartialdef <n> %}"]
MISTAKES = ["{% partial %}", "{% partial a b %}", "{% partialdef %}<b>{% endpartialdef %}", "{% partialdef <n> other %}<b>{% endpartialdef %}", "{% partialdef <n> inline x %}<b>{% endpartialdef %}",
            "{% partialdef <n> %}<b>", "{% partialdef <n> %}<b>{% endpartialdef nope %}", "{% partialdef <n> %}<b>{% endpartialdef  <n> %}", "{% endpartialdef %}", "{% partialdef <n> inline=1 %}<b>{% endpartialdef %}",
            "{% partialdef <n> %}<b>{% endpartialdef inline %}", "{% partialdef <n> %}<b>{% endif %}{% endpartialdef %}", "{% partialdef <n> %}{% if n %}<b>{% endpartialdef %}", "{% partialdef <n> %}{% partialdef <n> %}{% endpartialdef %}{% endpartialdef %}"]


class Writer:
    """Writes families; the same for the same seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, what):
        return self.random.choice(what)

    def fill(self, text, depth):
        text = text.replace("<n>", self.name(text)).replace("<f>", self.pick(["page", "part", "part", "part", "base", "base"] + ["nope"] * (self.random.random() < 0.1)))
        while "<b>" in text:
            text = text.replace("<b>", self.body(depth + 1), 1)
        return text

    def name(self, text):
        """Mostly one that a use finds, or that a definition does not take again."""
        if self.random.random() < 0.03:
            return self.pick(NAMES)
        if text not in DEFINITIONS:
            return self.pick(NAMES[:3])
        self.free = self.free or [f"more{self.random.randrange(10 ** 6)}"]
        return self.free.pop(self.random.randrange(len(self.free)))

    def node(self, depth):
        kind = self.random.random()
        if depth > 3 or kind < 0.15:
            return self.pick(["a", "<i>", " ", "\n", "é"])
        if kind < 0.5:
            return self.fill(self.pick(USES), depth)
        if kind < 0.65:
            return self.fill(self.pick(DEFINITIONS), depth)
        if kind < 0.652:
            return self.fill(self.pick(MISTAKES), depth)
        return self.fill(self.pick(TAGS), depth)

    def body(self, depth):
        return "".join(self.node(depth) for _ in range(self.pick([0, 1, 1, 2, 2])))

    def definitions(self):
        """The usual names, so that most uses find theirs."""
        self.free = NAMES[3:]
        return "".join(f"{{% partialdef {name} {self.pick(['', '', 'inline '])}%}}{self.body(2)}{{% endpartialdef %}}" for name in NAMES[:3] if self.random.random() < 0.9)

    def blocks(self):
        return "".join(f"{self.pick(['', '-'])}{{% block {name} %}}{self.body(1)}{{% endblock %}}" for name in ("one", "two") if self.random.random() < 0.8)

    def family(self):
        parts = [self.definitions(), self.body(0) + self.blocks(), self.body(0)]
        self.random.shuffle(parts)
        page = self.pick(["", "", "{% extends 'base' %}", "{% extends 'part#row' %}" if self.random.random() < 0.2 else ""]) + "".join(parts)
        return {"page": page, "part": self.definitions() + self.body(1), "base": self.definitions() + self.blocks()}, self.pick(["page"] * 20 + ["page#row", "page#cell", "part#a-b", "part#row", "base#cell"] * 3 + ["part#b", "page#", "#row", "page#nope", "nope#row", "page#a#b", ""])


def outcome(engine, name):
    phase = "compile"
    try:
        template = engine.get_template(name)
        phase = "render"
        return {"output": template.render(Context(dict(CONTEXT)))}
    except RecursionError:
        return {"error": "RuntimeError"}
    except Exception as raised:
        return {"error": {"type": type(raised).__name__, "message": getattr(raised, "raw_error_message", str(raised)), "phase": phase}}


def main():
    writer = Writer(int(sys.argv[1]))
    template_cases.freeze()
    with template_cases.override("en-us"):
        for _ in range(FAMILIES):
            templates, name = writer.family()
            invalid = writer.pick(["", "", "INV"])
            result = outcome(Engine(string_if_invalid=invalid, loaders=[("django.template.loaders.locmem.Loader", templates)]), name)
            template_cases.emit({"group": "templates/partials", "templates": templates, "name": name, "context": {key: template_cases.tag(value) for key, value in CONTEXT.items()}, "now": template_cases.NOW.isoformat(),
                                 "options": {"string_if_invalid": invalid}, **result})


if __name__ == "__main__":
    main()
