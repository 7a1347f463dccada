/* The CPU of rendering: a page with a table of 100 rows (a loop, conditions, escaping, filters), a
   page with three levels of inheritance and includes, a table of 10,000 rows. Microseconds a
   render, the best of several rounds; bench/peers/ renders the same with the others. And the memory
   that a rendering takes: of the arena, once the template's size is known, and of the machine, the
   first time. */
#include "core/context.h"
#include "template/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROWS = 100, MANY_ROWS = 10000, ROUNDS = 9 };

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

static const char section[] =
    "{% extends \"base.html\" %}{% block title %}{{ block.super }}: {{ title }}{% endblock %}"
    "{% block body %}<nav>{% include \"menu.html\" %}</nav><main>{% block main %}{% endblock %}"
    "</main>{% endblock %}";
static const char menu[] =
    "{% for r in menu %}<a href=\"/{{ r.tag }}/\">{{ r.name }}</a>{% endfor %}";
static const char card[] =
    "<div class=\"{{ kind }}\"><h2>{{ r.name }}</h2><p>{{ r.desc }}</p></div>";
static const char inherited[] =
    "{% extends \"section.html\" %}{% block title %}{{ block.super }}!{% endblock %}"
    "{% block main %}{% for r in cards %}{% include \"card.html\" with kind=\"card\" %}{% endfor %}"
    "{% endblock %}";

static const nu_embedded_file files[] = {
    { "section.html", (const uint8_t *)section, sizeof(section) - 1 },
    { "menu.html", (const uint8_t *)menu, sizeof(menu) - 1 },
    { "card.html", (const uint8_t *)card, sizeof(card) - 1 },
    { "inherited.html", (const uint8_t *)inherited, sizeof(inherited) - 1 },
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

static nu_list *rows_of(int n)
{
    nu_list *rows = nu_list_new();

    for (int i = 0; i < n; i++)
        nu_list_append(rows, row(i));
    return rows;
}

static double cpu_time(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* Resident, and no file's; in bytes. */
static size_t anonymous_memory(void)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    size_t kib = 0;

    while (file && fgets(line, sizeof(line), file))
        if (strncmp(line, "RssAnon:", 8) == 0)
            kib = strtoul(line + 8, NULL, 10);
    if (file)
        fclose(file);
    return kib * 1024;
}

/* What a rendering wrote, and what it holds of the arena and of the machine. */
typedef struct rendering {
    size_t bytes, memory, resident;
} rendering;

static rendering render(const char *name, nu_dict *context, bool with_resident)
{
    nu_scratch_scope();
    nu__buf out = { 0 };
    size_t before = nu__arena_used(nu__here->arena);

    nu__template_render(nu__template_get(nu_s(name)), context, NULL, &out);
    return (rendering){ out.len, nu__arena_used(nu__here->arena) - before,
                        with_resident ? anonymous_memory() : 0 };
}

/* In a process of its own, so that no memory lies ready. */
static void measure_memory(const char *what, const char *name, nu_dict *context)
{
    fflush(stdout);
    if (fork() == 0) {
        size_t before = anonymous_memory();
        rendering first = render(name, context, true);

        printf("%s, first time: %zu bytes, %zu bytes of memory\n", what, first.bytes,
               first.resident - before);
        fflush(stdout);
        _exit(0);
    }
    wait(NULL);
}

static void measure(const char *what, const char *name, nu_dict *context, int renders)
{
    double least = 1e9;
    rendering last = { 0 };

    for (int round = 0; round < ROUNDS; round++) {
        double before = cpu_time(), us;

        for (int i = 0; i < renders; i++)
            last = render(name, context, false);
        us = (cpu_time() - before) / renders;
        least = us < least ? us : least;
    }
    printf("%s: %zu bytes, %.2f us a render\n", what, last.bytes, least);
    printf("%s: %zu bytes, %zu bytes of memory\n", what, last.bytes, last.memory);
}

static void measure_all(void *arg)
{
    nu_dict *many;

    (void)arg;
    nu__template_engine_use(nu__template_engine_new(&(nu__template_options){ .memory = files }));
    measure("table", "page.html", NU_DICT(("title", "The list of rows"), ("rows", rows_of(ROWS))),
            400);
    measure("inheritance", "inherited.html",
            NU_DICT(("title", "Cards"), ("menu", rows_of(8)), ("cards", rows_of(20))), 1000);
    many = NU_DICT(("title", "The list of rows"), ("rows", rows_of(MANY_ROWS)));
    measure_memory("stream", "page.html", many);
    measure("stream", "page.html", many, 5);
    nu__template_engine_free(nu__template_engine_use(NULL));
}

int main(void)
{
    nu__context context;
    const nu_error *error;

    nu__context_init(&context, "bench");
    nu__here = &context;
    error = nu__guard(measure_all, NULL);
    if (error)
        printf("%.*s\n", (int)error->message.len, error->message.ptr);
    nu__context_release(&context);
    return error != NULL;
}
