/* Runs the cases of tests/data/template/cases.txt. */
#include "harness.h"

#include "core/text.h"
#include "template/template.h"
#include "unit/template/template_data.h"

#include <nuages/json.h>
#include <stdio.h>
#include <string.h>

enum { MAX_TEMPLATES = 16 };

typedef struct test_case {
    nu_str title;
    nu_embedded_file templates[MAX_TEMPLATES + 1];
    size_t n;
    nu_str context, expected, error; /* {NULL, 0}: none */
} test_case;

static nu_str read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    nu__buf text = { 0 };
    char block[4096];
    size_t n;

    if (!CHECK(file != NULL))
        return S("");
    while ((n = fread(block, 1, sizeof block, file)))
        nu__buf_add(&text, block, n);
    fclose(file);
    return nu__buf_str(&text);
}

/* ---- one case ------------------------------------------------------------------------------- */

static void render(const test_case *c, nu__buf *out)
{
    nu__template_engine *engine =
        nu__template_engine_new(&(nu__template_options){ .memory = c->templates });
    nu_dict *context = c->context.ptr ? nu_as_dict(nu_json_read(c->context)) : NULL;

    nu_defer((void (*)(void *))nu__template_engine_free, engine);
    nu__template_render(nu__template_engine_get(engine, S("page")), context, NULL, out);
}

static void run(const test_case *c)
{
    nu__buf out = { 0 };
    const nu_error *error = nu_catch(NU_EXCEPTION, render(c, &out));
    nu_str got = nu__buf_str(&out);
    bool ok;

    if (error)
        got = nu_fmt("{}: {}", nu_error_class_name(error->klass), error->message);
    ok = c->error.ptr ? error && CHECK(nu_starts_with(got, c->error))
                      : CHECK_STR(got, c->expected) && CHECK(!error);
    if (!ok)
        printf("      in \"%.*s\": %.*s\n", (int)c->title.len, c->title.ptr, (int)got.len, got.ptr);
}

/* ---- the file ------------------------------------------------------------------------------- */

static void add_section(test_case *c, nu_str name, nu_str text)
{
    text.len -= text.len && text.ptr[text.len - 1] == '\n';
    text = nu_copy(text.len ? text : S(""));
    if (nu_eq(name, "context"))
        c->context = text;
    else if (nu_eq(name, "expected"))
        c->expected = text;
    else if (nu_eq(name, "error"))
        c->error = text;
    else if (CHECK(c->n < MAX_TEMPLATES))
        c->templates[c->n++] =
            (nu_embedded_file){ nu_copy(name).ptr, (const uint8_t *)text.ptr, text.len };
}

static nu_str until_line(nu_str *rest, const char *mark)
{
    nu_str marked = nu_fmt("\n{}", mark);
    ptrdiff_t at = nu__find(*rest, marked);
    nu_str part = at < 0 ? *rest : nu__sub(*rest, 0, (size_t)at + 1);

    *rest = at < 0 ? nu__sub(*rest, rest->len, rest->len)
                   : nu__sub(*rest, (size_t)at + marked.len, rest->len);
    return part;
}

static nu_str first_line(nu_str *rest)
{
    ptrdiff_t at = nu__find(*rest, S("\n"));
    nu_str line = at < 0 ? *rest : nu__sub(*rest, 0, (size_t)at);

    *rest = nu__sub(*rest, line.len + (at >= 0), rest->len);
    return line;
}

static test_case parse(nu_str text)
{
    test_case c = { .title = first_line(&text) };
    nu_str section;

    text = nu_fmt("\n{}", text); /* so that the first mark stands behind a line break as well */
    until_line(&text, "--- ");
    while (text.len) {
        section = until_line(&text, "--- ");
        nu_str name = first_line(&section);

        add_section(&c, name, section);
    }
    return c;
}

static void recorded_cases_render_as_they_say(void)
{
    nu_str file = read_file(TEST_DATA "/template/cases.txt");
    int n = 0;

    until_line(&file, "=== ");
    for (; file.len; n++) {
        nu_scratch_scope();
        nu_str text = until_line(&file, "=== ");
        test_case c = parse(nu_ends_with(text, S("\n\n")) ? nu__sub(text, 0, text.len - 1) : text);

        run(&c);
    }
    CHECK(n > 50);
}

HARNESS(recorded_cases_render_as_they_say)
