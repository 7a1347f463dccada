/* {% load %}. */
#include "core/suggest.h"
#include "core/text.h"
#include "template/tags/tags.h"

#include <stdlib.h>

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static nu_str library_names(const nu__template_engine *engine)
{
    const char **names = nu_alloc_array(const char *, engine->n_libraries);
    nu__buf list = { 0 };

    for (size_t i = 0; i < engine->n_libraries; i++)
        names[i] = engine->libraries[i]->name;
    qsort(names, engine->n_libraries, sizeof(*names), by_text);
    for (size_t i = 0; i < engine->n_libraries; i++)
        nu__buf_fmt(&list, "{}{}", i ? "\n" : "", names[i]);
    return nu__buf_str(&list);
}

static const nu__library *library_named(nu_template_parser *parser, nu_str name)
{
    const nu__library *library = nu__engine_library(parser->engine, name);

    if (!library) {
        parser->suggestion = nu__engine_suggest_library(parser->engine, name);
        nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                 "'{}' is not a registered tag library. Must be one of:\n{}", name,
                 library_names(parser->engine));
    }
    return library;
}

/* The nearest of the library's own tags and filters. */
static nu_str suggestion(const nu__library *library, nu_str name)
{
    size_t n_tags = 0, n = 0;
    const char **names;

    while (library->tags && library->tags[n_tags].name)
        n_tags++;
    while (library->filters && library->filters[n].name)
        n++;
    names = nu_alloc_array(const char *, n_tags + n);
    for (size_t i = 0; i < n; i++)
        names[i] = library->filters[i].name;
    for (size_t i = 0; i < n_tags; i++)
        names[n++] = library->tags[i].name;
    return nu__suggestion(name, names, n);
}

void nu__compile_load(nu_template_parser *parser)
{
    nu__words words = nu__split_words(parser->token.contents);
    const nu__library *library;

    if (words.len < 4 || !nu_eq(words.items[words.len - 2], "from")) {
        for (size_t i = 1; i < words.len; i++)
            nu__scope_add(&parser->scope, library_named(parser, words.items[i]), (nu_str){ 0 });
        return;
    }
    library = library_named(parser, words.items[words.len - 1]);
    for (size_t i = 1; i < words.len - 2; i++) {
        if (!nu__library_tag(library, words.items[i]) &&
            !nu__library_filter(library, words.items[i])) {
            parser->suggestion = suggestion(library, words.items[i]);
            nu_raise(NU_TEMPLATE_SYNTAX_ERROR,
                     "'{}' is not a valid tag or filter in tag library '{}'", words.items[i],
                     library->name);
        }
        nu__scope_add(&parser->scope, library, words.items[i]);
    }
}
