/* The tags that are there without {% load %}. */
#include "template/filters/filters.h"
#include "template/tags/libraries.h"

static const nu__tag tags[] = {
    { "autoescape", nu__compile_autoescape, NULL },
    { "block", nu__compile_block, NULL },
    { "comment", nu__compile_comment, NULL },
    { "csrf_token", nu__compile_csrf_token, NULL },
    { "cycle", nu__compile_cycle, NULL },
    { "debug", nu__compile_debug, NULL },
    { "extends", nu__compile_extends, NULL },
    { "filter", nu__compile_filter, NULL },
    { "firstof", nu__compile_firstof, NULL },
    { "for", nu__compile_for, NULL },
    { "if", nu__compile_if, NULL },
    { "ifchanged", nu__compile_ifchanged, NULL },
    { "include", nu__compile_include, NULL },
    { "load", nu__compile_load, NULL },
    { "lorem", nu__compile_lorem, NULL },
    { "now", nu__compile_now, NULL },
    { "partial", nu__compile_partial, NULL },
    { "partialdef", nu__compile_partialdef, NULL },
    { "querystring", nu__compile_querystring, NULL },
    { "regroup", nu__compile_regroup, NULL },
    { "resetcycle", nu__compile_resetcycle, NULL },
    { "spaceless", nu__compile_spaceless, NULL },
    { "templatetag", nu__compile_templatetag, NULL },
    { "url", nu__compile_url, NULL },
    { "verbatim", nu__compile_verbatim, NULL },
    { "widthratio", nu__compile_widthratio, NULL },
    { "with", nu__compile_with, NULL },
    { 0 },
};

static const nu__library default_tags = { "", tags, NULL };

const nu__library *const nu__builtin_libraries[] = {
    &default_tags,
    &nu__string_filters,
    &nu__html_filters,
    &nu__list_filters,
    &nu__number_filters,
    &nu__logic_filters,
    NULL,
};
const nu__library *const nu__loadable_libraries[] = {
    &nu__cache_library,
    &nu__humanize_library,
    &nu__i18n_library,
    &nu__l10n_library,
    &nu__static_library,
    &nu__tz_library,
    NULL,
};
