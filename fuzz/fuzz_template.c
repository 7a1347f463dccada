/* A template compiles or is refused as a TemplateSyntaxError; what is rendered is valid text, the
   same each time; text without braces stays as it is; a variable gets its brackets out only where
   the template asks for that. */
#include "core/context.h"
#include "core/time.h"
#include "target.h"
#include "template/engine.h"
#include "template/node.h"

#include <nuages/decimal.h>

static nu__template_engine *engines[2]; /* the second one under DEBUG, which notes places */

#define FILE_OF(n, text)                                                                           \
    {                                                                                              \
        (n), (const uint8_t *)(text), sizeof(text) - 1                                             \
    }

void fuzz_prepare(void)
{
    static const nu_embedded_file files[] = {
        FILE_OF("base", "<{% block a %}A{% endblock %}|{% block b %}B{% endblock %}>"),
        FILE_OF("part", "({{ x }}{{ text }})"),
        FILE_OF("itself", "{% include 'itself' %}"),
        FILE_OF("cycle", "{% extends 'cycle' %}"),
        { 0 },
    };

    for (int debug = 0; debug < 2; debug++)
        engines[debug] =
            nu__template_engine_new(&(nu__template_options){ .memory = files, .debug = debug });
    nu__clock_stop_at(nu_datetime_of(2024, 5, 17, 12, 30, 45));
}

/* No brackets but in `raw`. */
static nu_dict *new_context(void)
{
    nu_dict *person = NU_DICT(("name", "Ann"), ("age", 30), ("tags", NU_LIST("x", "y")));

    return NU_DICT(("x", 1), ("n", -3), ("f", 2.5), ("yes", true), ("none", nu_null()),
                   ("text", "one two three"), ("raw", "<q7 a=\"'\">&amp;"), ("empty", ""),
                   ("day", nu_date_of(2024, 2, 29)), ("now", nu_now()), ("list", NU_LIST(3, 1, 2)),
                   ("pairs", NU_LIST(NU_LIST("a", 1), NU_LIST("b", 2))), ("person", person),
                   ("people", NU_LIST(person, person)), ("price", nu_decimal_from(12345, -2)));
}

static bool holds(nu_str text, const char *word)
{
    return nu__find(text, nu_s(word)) >= 0;
}

/* Which errors a template's author may meet; none is the visitor's doing. */
static bool is_declared(nu_error_class klass)
{
    static const nu_error_class declared[] = {
        NU_TEMPLATE_SYNTAX_ERROR,
        NU_TEMPLATE_DOES_NOT_EXIST,
        NU_VARIABLE_DOES_NOT_EXIST,
        NU_NO_REVERSE_MATCH,
        NU_TYPE_ERROR,
        NU_VALUE_ERROR,
        NU_ATTRIBUTE_ERROR,
        NU_LOOKUP_ERROR,
        NU_ARITHMETIC_ERROR,
        NU_MEMORY_ERROR,
        NU_RUNTIME_ERROR,
        NU_IMPROPERLY_CONFIGURED,
        NU_SUSPICIOUS_OPERATION,
    };

    for (size_t i = 0; i < sizeof declared / sizeof *declared; i++)
        if (nu_error_is_a(klass, declared[i]))
            return true;
    return false;
}

typedef struct rendering {
    nu_str text;
    nu_error_class raised;
} rendering;

static rendering render(const nu__template *tpl, nu_dict *context)
{
    nu__buf *out = nu_alloc(nu__buf);
    const nu_error *error = nu_catch(NU_EXCEPTION, nu__template_render(tpl, context, NULL, out));

    if (error && !is_declared(error->klass))
        nu_reraise(error);
    return (rendering){ nu__buf_str(out), error ? error->klass : NU_NO_ERROR };
}

/* Each by itself, as "page.html#name" renders it. */
static void render_partials(const nu__template *tpl)
{
    for (uint32_t i = 0; i < tpl->n_partials; i++) {
        rendering alone = render(&tpl->partials[i], new_context());

        FUZZ_UTF8(alone.text);
    }
}

/* The template's own text has no bracket, so that one in the output came out of `raw`. */
static void check_escaped(nu_str source, nu_str output)
{
    static const char *const asks[] = {
        "safe", "autoescape", "include", "extends", "load", "debug"
    };

    if (holds(source, "<") || holds(source, ">"))
        return;
    for (size_t i = 0; i < sizeof asks / sizeof *asks; i++)
        if (holds(source, asks[i]))
            return;
    FUZZ_CHECK(!holds(output, "<q7"));
}

FUZZ_TARGET(template)
{
    nu__template **tpl = nu_alloc(nu__template *);
    nu_str source = fuzz_as_utf8(input);
    rendering first, second;

    nu__arena_set_cap(nu__here->arena, 8 << 20); /* {{ x|ljust:100000000 }} is the author's wish */
    if (nu_catch(NU_TEMPLATE_SYNTAX_ERROR,
                 *tpl = nu__template_from_string(engines[source.len % 2], source)))
        return;
    first = render(*tpl, new_context());
    FUZZ_UTF8(first.text);
    render_partials(*tpl);
    if (!holds(source, "{"))
        FUZZ_SAME(first.text, source);
    if (first.raised || holds(source, "random") || holds(source, "lorem"))
        return; /* chance has a say in these */
    check_escaped(source, first.text);
    second = render(*tpl, new_context());
    FUZZ_CHECK(second.raised == first.raised || second.raised == NU_MEMORY_ERROR);
    if (!second.raised)
        FUZZ_SAME(second.text, first.text);
}
