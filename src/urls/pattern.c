#include "urls/pattern.h"

#include "conf/settings.h"

#include "core/buf.h"
#include "utils/translation.h"

#include <stdlib.h>
#include <string.h>

/* ---- memory ---------------------------------------------------------------------------------- */

void *nu__url_alloc(nu__url_memory *memory, size_t n, size_t size)
{
    void *bytes = nu__arena_try_alloc(memory->arena, n, size);

    if (!bytes)
        nu_raise(NU_MEMORY_ERROR, "out of memory while building the URL resolver");
    return bytes;
}

nu_str nu__url_copy(nu__url_memory *memory, nu_str text)
{
    char *bytes = nu__url_alloc(memory, text.len + 1, 1);

    if (text.len)
        memcpy(bytes, text.ptr, text.len);
    return (nu_str){ bytes, text.len };
}

static void regex_own(nu__url_memory *memory, nu__re *regex)
{
    if (memory->n_regexes == memory->capacity) {
        size_t capacity = memory->capacity ? 2 * memory->capacity : 16;
        nu__re **grown = realloc(memory->regexes, capacity * sizeof(*grown));

        if (!grown) {
            nu__re_free(regex);
            nu_raise(NU_MEMORY_ERROR, "out of memory while building the URL resolver");
        }
        memory->regexes = grown;
        memory->capacity = capacity;
    }
    memory->regexes[memory->n_regexes++] = regex;
}

const nu__re *nu__url_regex(nu__url_memory *memory, nu_str pattern, unsigned flags)
{
    char error[96];
    nu__re *regex = nu__re_compile(pattern, flags, error);

    if (!regex)
        nu_raise(NU_IMPROPERLY_CONFIGURED, "\"{}\" is not a valid regular expression: {}", pattern,
                 (const char *)error);
    regex_own(memory, regex);
    return regex;
}

void nu__url_memory_release(nu__url_memory *memory)
{
    for (size_t i = 0; i < memory->n_regexes; i++)
        nu__re_free(memory->regexes[i]);
    free(memory->regexes);
    nu__arena_free(memory->arena);
    *memory = (nu__url_memory){ 0 };
}

nu_str nu__url_repr(nu_value value)
{
    nu__buf out = { 0 };

    nu__buf_repr(&out, value);
    return nu__buf_str(&out);
}

/* ---- path() ---------------------------------------------------------------------------------- */

static const nu__converter *converter_of(nu__url_memory *memory, const nu_urlconf *urlconf,
                                         nu_str name)
{
    for (size_t i = 0; i < 16 && urlconf->converters[i]; i++) {
        const nu_url_converter *own = urlconf->converters[i];

        if (nu_eq(name, own->name)) {
            nu__converter *made = nu__url_alloc(memory, 1, sizeof(*made));

            *made = (nu__converter){ .name = own->name, .regex = own->regex, .own = own };
            return made;
        }
    }
    return nu__converter_find(name);
}

static bool has_whitespace(nu_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (memchr(" \t\n\r\v\f", text.ptr[i], 6))
            return true;
    return false;
}

/* Python's str.isidentifier(), with every non-ASCII character taken for a letter. */
static bool is_identifier(nu_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if (!(c == '_' || c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
              (i && c >= '0' && c <= '9')))
            return false;
    }
    return text.len > 0;
}

/* The next "<converter:parameter>" or "<parameter>" at or after `from`, as Django's expression
   <(?:([^>:]+):)?([^>]+)> finds it: `whole` with its brackets. */
static bool component_next(nu_str route, size_t from, nu_str *whole, nu_str *converter,
                           nu_str *parameter)
{
    for (size_t open = from; open < route.len; open++) {
        const char *start = route.ptr + open, *end, *colon;

        if (*start != '<')
            continue;
        end = memchr(start, '>', route.len - open);
        if (!end)
            return false;
        if (end == start + 1)
            continue;
        *whole = (nu_str){ start, (size_t)(end + 1 - start) };
        colon = memchr(start, ':', whole->len);
        if (!colon || colon == start + 1 || colon + 1 == end)
            colon = start;
        *converter = colon == start ? S("str") : (nu_str){ start + 1, (size_t)(colon - start - 1) };
        *parameter = (nu_str){ colon + 1, (size_t)(end - colon - 1) };
        return true;
    }
    return false;
}

static void component_check(nu_str route, nu_str whole, nu_str parameter)
{
    if (has_whitespace(whole))
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "URL route {} cannot contain whitespace in angle brackets <…>.",
                 nu__url_repr(nu_v_str(route)));
    if (!is_identifier(parameter))
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "URL route {} uses parameter name {} which isn't a valid Python identifier.",
                 nu__url_repr(nu_v_str(route)), nu__url_repr(nu_v_str(parameter)));
}

static void part_add(nu__url_pattern *pattern, nu__url_part part)
{
    if (part.converter || part.literal.len)
        pattern->parts[pattern->n_parts++] = part;
}

static void route_split(nu__url_memory *memory, const nu_urlconf *urlconf, nu__url_pattern *pattern)
{
    nu_str route = pattern->route, whole, converter, parameter;
    size_t at = 0;

    pattern->parts = nu__url_alloc(memory, route.len + 1, sizeof(*pattern->parts));
    while (component_next(route, at, &whole, &converter, &parameter)) {
        size_t start = (size_t)(whole.ptr - route.ptr);
        nu__url_part part = { .name = parameter };

        component_check(route, whole, parameter);
        part.converter = converter_of(memory, urlconf, converter);
        if (!part.converter)
            nu_raise(NU_IMPROPERLY_CONFIGURED, "URL route {} uses invalid converter {}.",
                     nu__url_repr(nu_v_str(route)), nu__url_repr(nu_v_str(converter)));
        part_add(pattern, (nu__url_part){ .literal = { route.ptr + at, start - at } });
        part_add(pattern, part);
        at = start + whole.len;
    }
    part_add(pattern, (nu__url_part){ .literal = { route.ptr + at, route.len - at } });
}

/* As re.escape(): everything that means something in a regular expression gets a backslash. */
static void escape_add(nu__buf *out, nu_str text)
{
    static const char special[] = "()[]{}?*+-|^$\\.&~# \t\n\r\v\f";

    for (size_t i = 0; i < text.len; i++) {
        if (memchr(special, text.ptr[i], sizeof(special) - 1))
            nu__buf_char(out, '\\');
        nu__buf_char(out, text.ptr[i]);
    }
}

static nu_str route_regex(const nu__url_pattern *pattern)
{
    nu__buf out = { 0 };

    nu__buf_char(&out, '^');
    for (size_t i = 0; i < pattern->n_parts; i++) {
        const nu__url_part *part = &pattern->parts[i];

        if (!part->converter)
            escape_add(&out, part->literal);
        else
            nu__buf_fmt(&out, "(?P<{}>{})", part->name, part->converter->regex);
    }
    if (!pattern->entry->include)
        nu__buf_lit(&out, "\\Z");
    return nu__buf_str(&out);
}

/* Whether the part's longest match is the only one that matters: see the head of pattern.h. */
static bool part_is_final(const nu__url_part *part, const nu__url_part *next)
{
    if (!part->converter)
        return true;
    if (!part->converter->scan)
        return false;
    if (!next)
        return true;
    if (next->converter)
        return false;
    return !part->converter->continues((unsigned char)next->literal.ptr[0]);
}

static bool is_simple(const nu__url_pattern *pattern)
{
    for (size_t i = 0; i < pattern->n_parts; i++)
        if (!part_is_final(&pattern->parts[i],
                           i + 1 < pattern->n_parts ? &pattern->parts[i + 1] : NULL))
            return false;
    return true;
}

/* Groups that a converter's own expression has: they count in the numbering of the whole. */
static int groups_inside(nu__url_memory *memory, const nu__converter *converter)
{
    return converter->own ? nu__re_groups(nu__url_regex(memory, nu_s(converter->regex), 0)) : 0;
}

/* The expression with which a route is matched. Captures are numbered groups, without names: PCRE2
   limits a name's length. */
static nu_str route_regex_numbered(nu__url_memory *memory, nu__url_pattern *pattern)
{
    nu__buf out = { 0 };
    size_t capture = 0;
    int group = 1;

    for (size_t i = 0; i < pattern->n_parts; i++) {
        const nu__converter *converter = pattern->parts[i].converter;

        if (!converter) {
            escape_add(&out, pattern->parts[i].literal);
            continue;
        }
        nu__buf_fmt(&out, "({})", converter->regex);
        pattern->captures[capture++].group = group;
        group += 1 + groups_inside(memory, converter);
    }
    if (!pattern->entry->include)
        nu__buf_lit(&out, "\\Z");
    return nu__buf_str(&out);
}

static void route_compile(nu__url_memory *memory, const nu_urlconf *urlconf,
                          nu__url_pattern *pattern)
{
    route_split(memory, urlconf, pattern);
    pattern->regex_text = nu__url_copy(memory, route_regex(pattern));
    pattern->named = true;
    pattern->captures = nu__url_alloc(memory, pattern->n_parts + 1, sizeof(*pattern->captures));
    for (size_t i = 0; i < pattern->n_parts; i++) {
        const nu__url_part *part = &pattern->parts[i];

        if (part->converter)
            pattern->captures[pattern->n_captures++] =
                (nu__url_capture){ part->name, part->converter, 0 };
    }
    pattern->match_text = nu__url_copy(memory, route_regex_numbered(memory, pattern));
    pattern->simple = is_simple(pattern);
    if (!pattern->simple)
        pattern->regex = nu__url_regex(memory, pattern->match_text, NU__RE_MATCH);
}

/* ---- re_path() ------------------------------------------------------------------------------- */

static void regex_compile(nu__url_memory *memory, nu__url_pattern *pattern)
{
    bool whole = !pattern->entry->include && nu_ends_with(pattern->route, S("$"));
    int n_groups;

    pattern->regex_text = pattern->route;
    pattern->match_text = nu_starts_with(pattern->route, S("^"))
                              ? (nu_str){ pattern->route.ptr + 1, pattern->route.len - 1 }
                              : pattern->route;
    pattern->regex = nu__url_regex(memory, pattern->route, whole ? NU__RE_FULLMATCH : 0);
    n_groups = nu__re_groups(pattern->regex);
    for (int i = 1; i <= n_groups; i++)
        pattern->named |= nu__re_group_name(pattern->regex, i).len > 0;
    pattern->captures = nu__url_alloc(memory, (size_t)n_groups + 1, sizeof(*pattern->captures));
    for (int i = 1; i <= n_groups; i++) {
        nu_str name = nu__re_group_name(pattern->regex, i);

        if (name.len || !pattern->named)
            pattern->captures[pattern->n_captures++] = (nu__url_capture){ name, NULL, i };
    }
}

/* "de/"; "" where the site's own language has no prefix. */
static nu_str language_prefix(const nu_url_entry *entry)
{
    nu_str code = nu__current_language();

    if (!code.ptr)
        code = nu__settings.language_code;
    if (entry->no_prefix_default_language && nu_eq_(code, nu__settings.language_code))
        return S("");
    return nu_fmt("{}/", code);
}

nu__url_pattern *nu__url_pattern_new(nu__url_memory *memory, const nu_urlconf *urlconf,
                                     const nu_url_entry *entry)
{
    nu__url_pattern *pattern = nu__url_alloc(memory, 1, sizeof(*pattern));
    size_t n_groups;

    pattern->entry = entry;
    pattern->route = nu_s(entry->route ? entry->route : "");
    if (entry->by_language)
        pattern->route = nu__url_copy(memory, language_prefix(entry));
    if (entry->regex)
        regex_compile(memory, pattern);
    else
        route_compile(memory, urlconf, pattern);
    n_groups = pattern->regex ? (size_t)nu__re_groups(pattern->regex) : pattern->n_captures;
    if (n_groups > NU__URL_MAX_CAPTURES)
        nu_raise(NU_IMPROPERLY_CONFIGURED, "URL route {} captures {} values; at most {} can be.",
                 nu__url_repr(nu_v_str(pattern->route)), (int64_t)n_groups,
                 (int)NU__URL_MAX_CAPTURES);
    return pattern;
}
