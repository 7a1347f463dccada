/* Cases of linear.c about templates: every filter on texts and lists, every way to leave a template
   open. */
#include "linear.h"

#include "core/context.h"
#include "core/text.h"
#include "template/context.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { TEXT_SIZE = 8000, PAGE_SIZE = 64000, ITEMS = 2000, TEMPLATE_SIZE = 4000, SIZES = 3 };

/* ---- filters ----------------------------------------------------------------------------------
 */

/* Arguments that are right for a filter which needs one; "20" for the others. */
static const struct {
    const char *filter, *arg;
} arguments[] = {
    { "cut", "a" },           { "date", "c Y" },
    { "default", "x" },       { "default_if_none", "x" },
    { "dictsort", "a" },      { "join", "<br>" },
    { "slice", "::-1" },      { "dictsortreversed", "a" },
    { "stringformat", "s" },  { "yesno", "a,b,c" },
    { "time", "H" },          { "json_script", "id" },
    { "pluralize", "y,ies" }, { "urlencode", "/" },
    { "floatformat", "2" },
};

static const char *const texts[] = { "word <b>&amp; www.example.com</b>\n ",
                                     "7",
                                     "<",
                                     "\"\\ ",
                                     "-",
                                     "\u00e9\u03a3 ",
                                     "a@b.example ",
                                     "((",
                                     "&#x" };

static nu__template_engine *engine;

typedef struct filtering {
    const nu__filter *filter;
    nu_value value, arg;
} filtering;

static filtering filtered;

static void call_filter(void)
{
    nu_template_context context = { .engine = engine, .use_l10n = true, .autoescape = true };

    nu__filter_call_fn(filtered.filter, &(nu__filter_call){ .value = filtered.value,
                                                            .arg = filtered.arg,
                                                            .has_arg = filtered.filter->arg,
                                                            .autoescape = true,
                                                            .context = &context });
}

/* What raises does so for every size. */
static void run_filter(nu_str text)
{
    (void)text;
    (void)!nu_catch(NU_EXCEPTION, call_filter());
}

static nu_value argument_of(const nu__filter *filter)
{
    for (size_t i = 0; i < sizeof arguments / sizeof *arguments; i++)
        if (!strcmp(filter->name, arguments[i].filter))
            return V(arguments[i].arg);
    return V("20");
}

static nu_value repeated(const char *piece, size_t size)
{
    nu__buf text = { 0 };

    while (text.len < size)
        nu__buf_str_add(&text, nu_s(piece));
    return V(nu__buf_str(&text));
}

static nu_value list_of(size_t n)
{
    nu_list *list = nu_list_new();

    for (size_t i = 0; i < n; i++)
        nu_list_append(list, NU_DICT(("a", (int64_t)(i * 7919 % n)), ("b", "<x>")));
    return V(list);
}

static void run_shape(const nu__filter *filter, int shape)
{
    int n_texts = sizeof texts / sizeof *texts;

    for (size_t i = 0, size = 1; i < SIZES; i++, size *= 2) {
        nu_scratch_scope();
        filtered = (filtering){ filter,
                                shape < n_texts ? repeated(texts[shape], TEXT_SIZE * size)
                                                : list_of(ITEMS * size),
                                argument_of(filter) };
        linear_run(run_filter, S(""));
        printf("filter-%s-%d %zu\n", filter->name, shape, size);
    }
}

/* ---- filters in a page ------------------------------------------------------------------------
 */

/* {{ text|filter:arg }}, and {{ text|filter:arg|default:"" }}, which no filter writes by itself. */
static nu__template *page_of(const nu__filter *filter, const char *end)
{
    nu_str arg = filter->arg ? nu_fmt(":{!r}", argument_of(filter)) : S("");

    return nu__template_from_string(
        engine, nu_fmt("{{% load humanize i18n l10n tz %}}{{{{ text|{}{}{} }}}}", filter->name, arg,
                       nu_s(end)));
}

static const nu__template *page;

static void render_page(void)
{
    nu__buf out = { 0 };

    nu__template_render(page, NU_DICT(("text", filtered.value)), NULL, &out);
}

static void run_page(nu_str text)
{
    (void)text;
    (void)!nu_catch(NU_EXCEPTION, render_page());
}

static void run_in_page(const nu__filter *filter, const char *piece, const char *end)
{
    for (size_t i = 0, size = 1; i < SIZES; i++, size *= 2) {
        nu_scratch_scope();
        filtered.value = repeated(piece, PAGE_SIZE * size);
        page = page_of(filter, end);
        linear_run(run_page, S(""));
        printf("page-%s%s-%d %zu\n", filter->name, end, piece[0], size);
    }
}

static bool is_left_to_chance(const nu__filter *filter)
{
    return !strcmp(filter->name, "random"); /* how far it goes into the text */
}

static void run_shapes(const nu__filter *filter, nu_value unused)
{
    (void)unused;
    for (int shape = 0; shape <= (int)(sizeof texts / sizeof *texts); shape++)
        if (!is_left_to_chance(filter))
            run_shape(filter, shape);
}

static void run_pages(const nu__filter *filter, nu_value unused)
{
    (void)unused;
    if (is_left_to_chance(filter))
        return;
    run_in_page(filter, texts[0], "");
    run_in_page(filter, texts[2], "");
    run_in_page(filter, texts[5], "|default:''");
}

/* ---- the largest ------------------------------------------------------------------------------
 */

enum { LARGE = 10 << 20 };

/* Each filter over 10 MB in a page: what came of it, and how long that took. */
static void run_large(const nu__filter *filter, nu_value text)
{
    nu_scratch_scope();
    const nu_error *error;
    clock_t before = clock();

    filtered.value = text;
    page = page_of(filter, "");
    error = nu_catch(NU_EXCEPTION, render_page());
    printf("%s %s %.3f\n", filter->name, error ? nu_error_class_name(error->klass) : "rendered",
           (double)(clock() - before) / CLOCKS_PER_SEC);
    fflush(stdout);
}

static void each_library(void (*run)(const nu__filter *filter, nu_value text), nu_value text)
{
    for (size_t i = 0; nu__builtin_libraries[i]; i++)
        for (const nu__filter *f = nu__builtin_libraries[i]->filters; f && f->name; f++)
            run(f, text);
    for (size_t i = 0; nu__loadable_libraries[i]; i++)
        for (const nu__filter *f = nu__loadable_libraries[i]->filters; f && f->name; f++)
            run(f, text);
}

void linear_large(void)
{
    engine = nu__template_engine_new(&(nu__template_options){ 0 });
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        nu_scratch_scope();
        each_library(run_large, repeated(texts[i], LARGE));
    }
    nu__template_engine_free(engine);
}

/* ---- templates --------------------------------------------------------------------------------
 */

static const struct {
    const char *name, *head, *piece, *tail;
} sources[] = {
    { "text", "", "text ", "" },
    { "variables", "", "{{ a.b|upper }} ", "" },
    { "variables-open", "", "{{ ", "" },
    { "variables-half", "", "{{ a }", "" },
    { "tags-open", "", "{% ", "" },
    { "tags-half", "", "{% if a ", "" },
    { "comments-open", "", "{# ", "" },
    { "braces", "", "{", "" },
    { "percents", "{", "%", "" },
    { "ifs", "", "{% if a %}b{% endif %}", "" },
    { "ifs-open", "", "{% if a %}", "" },
    { "loops", "", "{% for a in b %}{{ a }}{% endfor %}", "" },
    { "ends", "", "{% endif %}", "" },
    { "conditions", "{% if a", " and a", " %}{% endif %}" },
    { "words", "{% if ", "a ", " %}{% endif %}" },
    { "filters", "{{ a", "|lower", " }}" },
    { "lookups", "{{ a", ".a", " }}" },
    { "quotes", "{{ ", "\"", " }}" },
    { "escapes", "{{ \"", "\\\"", "\" }}" },
    { "colons", "{{ a", ":a", " }}" },
    { "digits", "{{ ", "1", " }}" },
    { "assignments", "{% with", " a=b", " %}{% endwith %}" },
    { "cycles", "{% cycle", " 'a'", " %}" },
    { "verbatim", "{% verbatim %}", "{% if ", "" },
    { "comment", "{% comment %}", "{{ {% ", "" },
    { "translations", "{% load i18n %}{% blocktranslate %}", "{{ a }} ",
      "{% endblocktranslate %}" },
    { "blocks", "", "{% block a %}{% endblock %}", "" },
    { "loads", "", "{% load humanize %}", "" },
    { "translated", "{% firstof", " _(\"a", " %}" },
};

static void compile(nu_str source)
{
    (void)!nu_catch(NU_EXCEPTION, nu__template_from_string(engine, source));
}

static nu_str source_of(size_t i, size_t size)
{
    nu__buf source = { 0 };

    nu__buf_str_add(&source, nu_s(sources[i].head));
    while (source.len < size)
        nu__buf_str_add(&source, nu_s(sources[i].piece));
    nu__buf_str_add(&source, nu_s(sources[i].tail));
    return nu__buf_str(&source);
}

static void run_sources(void)
{
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        for (size_t round = 0, size = TEMPLATE_SIZE; round < SIZES; round++, size *= 2) {
            nu_scratch_scope();
            linear_run(compile, source_of(i, size));
            printf("template-%s %zu\n", sources[i].name, size);
        }
}

void linear_templates(void)
{
    engine = nu__template_engine_new(&(nu__template_options){ 0 });
    each_library(run_shapes, nu_null());
    each_library(run_pages, nu_null());
    run_sources();
    nu__template_engine_free(engine);
}
