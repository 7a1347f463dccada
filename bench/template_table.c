/* The CPU of rendering a page with a table of 100 rows: inheritance, a loop, conditions, escaping,
   filters. Microseconds a render, the best of several rounds; bench/peers/template_table.py renders
   the same templates and rows with Django and Jinja2. */
#include "core/context.h"
#include "template/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROWS = 100, ROUNDS = 9, RENDERS = 400 };

static const char base[] =
    "<!DOCTYPE html><html><head><title>{% block title %}T{% endblock %}</title></head><body>"
    "{% block body %}{% endblock %}</body></html>";
static const char page[] =
    "{% extends \"base.html\" %}{% block title %}{{ title|upper }}{% endblock %}{% block body %}"
    "<table>{% for r in rows %}<tr class=\"{% cycle 'odd' 'even' %}\"><td>{{ forloop.counter }}"
    "</td><td>{{ r.name }}</td><td>{{ r.desc|truncatechars:30 }}</td><td>{% if r.price > 50 %}<b>"
    "{{ r.price|floatformat:2 }}</b>{% else %}{{ r.price|floatformat:2 }}{% endif %}</td><td>"
    "{{ r.tag|default:\"none\"|lower }}</td><td>{% if r.ok %}yes{% else %}no{% endif %}</td></tr>"
    "{% endfor %}</table>{% endblock %}";

static const nu_embedded_file files[] = {
    { "base.html", (const uint8_t *)base, sizeof(base) - 1 },
    { "page.html", (const uint8_t *)page, sizeof(page) - 1 },
    { 0 },
};

static nu_dict *row(int i)
{
    nu_value tag = i % 4 ? V(nu_fmt("TAG{}", i % 7)) : nu_null();

    return NU_DICT(("name", nu_fmt("Row <{}> & co", i)),
                   ("desc", nu_fmt("Description of \"row\" number {} which is rather long", i)),
                   ("price", i * 1.37), ("tag", tag), ("ok", (bool)(i % 3 != 0)));
}

static nu_dict *page_context(void)
{
    nu_list *rows = nu_list_new();

    for (int i = 0; i < ROWS; i++)
        nu_list_append(rows, row(i));
    return NU_DICT(("title", "The list of rows"), ("rows", rows));
}

static double cpu_time(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static size_t render(nu_dict *context)
{
    nu_scratch_scope();
    nu__buf out = { 0 };

    nu__template_render(nu__template_get(S("page.html")), context, NULL, &out);
    return out.len;
}

static void measure(void *arg)
{
    nu_dict *context = page_context();
    double least = 1e9;
    size_t bytes = 0;

    (void)arg;
    nu__template_engine_use(nu__template_engine_new(&(nu__template_options){ .memory = files }));
    for (int round = 0; round < ROUNDS; round++) {
        double before = cpu_time(), us;

        for (int i = 0; i < RENDERS; i++)
            bytes = render(context);
        us = (cpu_time() - before) / RENDERS;
        least = us < least ? us : least;
    }
    printf("table of %d rows: %zu bytes, %.1f us a render\n", ROWS, bytes, least);
    nu__template_engine_free(nu__template_engine_use(NULL));
}

int main(void)
{
    nu__context context;
    const nu_error *error;

    nu__context_init(&context, "bench");
    nu__here = &context;
    error = nu__guard(measure, NULL);
    if (error)
        printf("%.*s\n", (int)error->message.len, error->message.ptr);
    nu__context_release(&context);
    return error != NULL;
}
