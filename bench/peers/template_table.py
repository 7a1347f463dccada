"""The pages of bench/template_table.c by Django and, where it is installed, Jinja2: CPU a render."""
import re
import time
from pathlib import Path

import django
from django.conf import settings
from django.template import engines

ROWS, MANY_ROWS, ROUNDS = 100, 10000, 5
SOURCE = (Path(__file__).parent.parent / "template_table.c").read_text()


def c_string(name):
    """The template that the C program has under this name."""
    text = re.search(r"%s\[\] =((?:\s*\"(?:[^\"\\]|\\.)*\")+)" % name, SOURCE)[1]
    return "".join(re.findall(r"\"((?:[^\"\\]|\\.)*)\"", text)).replace('\\"', '"')


class Row:
    def __init__(self, i):
        self.name = f"Row <{i}> & co"
        self.desc = f'Description of "row" number {i} which is rather long'
        self.price = i * 1.37
        self.tag = f"TAG{i % 7}" if i % 4 else None
        self.ok = i % 3 != 0


def measure(name, render, renders):
    best = 1e9
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(renders):
            text = render()
        best = min(best, (time.process_time() - start) / renders * 1e6)
    print(f"{name}: {len(text.encode())} bytes, {best:.2f} us a render")


TEMPLATES = {"base.html": c_string("base"), "page.html": c_string("page"), "section.html": c_string("section"),
             "menu.html": c_string("menu"), "card.html": c_string("card"), "inherited.html": c_string("inherited")}
ALL = [Row(i) for i in range(MANY_ROWS)]
PAGES = (("table", "page.html", {"title": "The list of rows", "rows": ALL[:ROWS]}, 40),
         ("inheritance", "inherited.html", {"title": "Cards", "menu": ALL[:8], "cards": ALL[:20]}, 100),
         ("stream", "page.html", {"title": "The list of rows", "rows": ALL}, 1))
settings.configure(USE_I18N=False, TEMPLATES=[{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "OPTIONS": {"loaders": [("django.template.loaders.cached.Loader", [
        ("django.template.loaders.locmem.Loader", TEMPLATES)])]}}])
django.setup()
for what, name, context, renders in PAGES:
    template = engines["django"].get_template(name)
    measure(f"Django {django.__version__} {what}", lambda: template.render(context), renders)

try:
    import jinja2
except ImportError:
    raise SystemExit
JINJA = {
    "{% cycle 'odd' 'even' %}": "{{ loop.cycle('odd', 'even') }}",
    "forloop.counter": "loop.index",
    "r.desc|truncatechars:30": "r.desc|truncate(30, True, '…', 0)",
    "r.price|floatformat:2": "'%.2f'|format(r.price)",
    'r.tag|default:"none"|lower': "(r.tag or 'none')|lower",
    "block.super": "super()",
    '{% include "card.html" with kind="card" %}': '{% set kind = "card" %}{% include "card.html" %}',
}


def in_jinja(text):
    for django_way, jinja_way in JINJA.items():
        text = text.replace(django_way, jinja_way)
    return text


environment = jinja2.Environment(autoescape=True, loader=jinja2.DictLoader(
    {name: in_jinja(text) for name, text in TEMPLATES.items()}))
for what, name, context, renders in PAGES:
    jinja_template = environment.get_template(name)
    measure(f"Jinja2 {jinja2.__version__} {what}", lambda: jinja_template.render(context), renders)
