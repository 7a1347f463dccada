/* Filters that make or unmake HTML. */
#include "utils/html.h"
#include "core/list.h"
#include "core/object.h"
#include "core/text.h"
#include "template/context.h"
#include "template/filters/characters.h"
#include "template/filters/filters.h"
#include "template/numbers.h"
#include "utils/text.h"

static bool is_safe(nu_value value)
{
    return value.kind == NU_KIND_SAFE;
}

static bool is_text(nu_value value)
{
    return value.kind == NU_KIND_STR || value.kind == NU_KIND_SAFE;
}

static nu_value conditional_escape(nu_value value)
{
    nu__buf out = { 0 };

    nu__conditional_escape_to(&out, value);
    return nu_safe(nu__buf_str(&out));
}

static nu_value escape(const nu__filter_call *call)
{
    return conditional_escape(call->value);
}

static nu_value force_escape(const nu__filter_call *call)
{
    return nu_safe(nu__escape(nu__filter_text(call)));
}

static nu_value safe(const nu__filter_call *call)
{
    return nu_safe(nu__filter_text(call));
}

static const nu_list *items(const nu__filter_call *call)
{
    const nu_list *list = nu__value_items(call->value);

    if (!list)
        nu_raise(NU_TYPE_ERROR, "'{}' object is not iterable", nu__kind_name(call->value.kind));
    return list;
}

static nu_value escapeseq(const nu__filter_call *call)
{
    const nu_list *list = items(call);
    nu_list *escaped = nu_list_new();

    for (size_t i = 0; i < nu_list_len(list); i++)
        nu_list_append_(escaped, conditional_escape(nu_at(list, i)));
    return V(escaped);
}

static nu_value safeseq(const nu__filter_call *call)
{
    const nu_list *list = items(call);
    nu_list *marked = nu_list_new();

    for (size_t i = 0; i < nu_list_len(list); i++)
        nu_list_append_(marked, nu_safe(nu_string(nu_at(list, i))));
    return V(marked);
}

static nu_value escapejs(const nu__filter_call *call)
{
    return nu_safe(nu__escapejs(nu__filter_text(call)));
}

static const char *const view_names[] = { [NU__DICT_ITEMS] = "dict_items",
                                          [NU__DICT_KEYS] = "dict_keys",
                                          [NU__DICT_VALUES] = "dict_values" };

static nu_value json_script(const nu__filter_call *call)
{
    if (call->value.kind == NU_KIND_LIST && call->value.list->sequence > NU__TUPLE)
        nu_raise(NU_TYPE_ERROR, "Object of type {} is not JSON serializable",
                 view_names[call->value.list->sequence]);
    return nu_safe(nu__json_script(call->value, call->has_arg ? call->arg : nu_null()));
}

static nu_value striptags(const nu__filter_call *call)
{
    return V(nu__strip_tags(nu__filter_text(call)));
}

static nu_value linebreaks(const nu__filter_call *call)
{
    return nu_safe(
        nu__linebreaks(nu__filter_text(call), call->autoescape && !is_safe(call->value)));
}

static nu_value linebreaksbr(const nu__filter_call *call)
{
    return nu_safe(
        nu__linebreaksbr(nu__filter_text(call), call->autoescape && !is_safe(call->value)));
}

static int count_digits(size_t number)
{
    int digits = 1;

    while (number /= 10)
        digits++;
    return digits;
}

static void add_line(nu__buf *out, size_t number, int width, nu_str line, bool escape)
{
    nu__buf_fill(out, '0', (size_t)(width - count_digits(number)));
    nu__buf_uint(out, number);
    nu__buf_lit(out, ". ");
    if (escape)
        nu__escape_to(out, line);
    else
        nu__buf_str_add(out, line);
}

static nu_value linenumbers(const nu__filter_call *call)
{
    nu_list *lines = nu__split(nu__filter_text(call), S("\n"));
    int width = count_digits(nu_list_len(lines));
    nu__buf out = { 0 };

    for (size_t i = 0; i < nu_list_len(lines); i++) {
        if (i)
            nu__buf_char(&out, '\n');
        add_line(&out, i + 1, width, nu_at(lines, i).s, call->autoescape && !is_safe(call->value));
    }
    return nu_safe(nu__buf_str(&out));
}

static nu_value urlized(const nu__filter_call *call, const nu__urlize *options)
{
    return nu_safe(nu__urlize_text(nu__filter_text(call), options));
}

static nu_value urlize(const nu__filter_call *call)
{
    return urlized(call, &(nu__urlize){ .nofollow = true,
                                        .autoescape = call->autoescape,
                                        .safe_input = is_safe(call->value) });
}

static nu_value urlizetrunc(const nu__filter_call *call)
{
    nu__integer limit = nu__cast_int_or_raise(call->arg);

    return urlized(call, &(nu__urlize){ .trim_limit = limit > INT32_MAX   ? INT32_MAX
                                                      : limit < INT32_MIN ? INT32_MIN
                                                                          : (int64_t)limit,
                                        .trim = true,
                                        .nofollow = true,
                                        .autoescape = call->autoescape,
                                        .safe_input = is_safe(call->value) });
}

/* ---- unordered_list
 * --------------------------------------------------------------------------------- */

enum { MAX_DEPTH = 100 };

static void add_items(nu__buf *out, const nu_list *list, size_t tabs, bool escape);

static void add_sublist(nu__buf *out, const nu_list *list, size_t tabs, bool escape)
{
    nu__buf_char(out, '\n');
    nu__buf_fill(out, '\t', tabs);
    nu__buf_lit(out, "<ul>\n");
    add_items(out, list, tabs + 1, escape);
    nu__buf_char(out, '\n');
    nu__buf_fill(out, '\t', tabs);
    nu__buf_lit(out, "</ul>\n");
    nu__buf_fill(out, '\t', tabs);
}

/* A list right behind an item holds what stands below it. */
static void add_items(nu__buf *out, const nu_list *list, size_t tabs, bool escape)
{
    if (tabs > MAX_DEPTH)
        nu_raise(NU_RUNTIME_ERROR,
                 "maximum recursion depth exceeded: lists are nested more than {} deep.",
                 MAX_DEPTH);
    for (size_t i = 0; i < nu_list_len(list); i++) {
        nu_value item = nu_at(list, i), below = nu_at(list, i + 1);
        bool has_below = i + 1 < nu_list_len(list) && below.kind == NU_KIND_LIST;

        if (i)
            nu__buf_char(out, '\n');
        nu__buf_fill(out, '\t', tabs);
        nu__buf_lit(out, "<li>");
        if (escape)
            nu__conditional_escape_to(out, item);
        else
            nu__buf_value(out, item);
        if (has_below && nu_list_len(below.list))
            add_sublist(out, below.list, tabs, escape);
        nu__buf_lit(out, "</li>");
        i += has_below;
    }
}

static nu_value unordered_list(const nu__filter_call *call)
{
    nu__buf out = { 0 };

    if (is_text(call->value))
        nu__write_characters(&out, call->value.s, S("\n"), nu__put_list_item, call->autoescape);
    else
        add_items(&out, items(call), 1, call->autoescape);
    return nu_safe(nu__buf_take(&out));
}

static bool write_unordered_list(const nu__filter_call *call)
{
    if (is_text(call->value))
        nu__write_characters(call->context->out, call->value.s, S("\n"), nu__put_list_item,
                             call->autoescape);
    return is_text(call->value);
}

enum {
    SAFE = NU__FILTER_SAFE,
    TEXT = NU__FILTER_STRING | NU__FILTER_PURE,
    AUTO = NU__FILTER_SAFE | NU__FILTER_STRING | NU__FILTER_AUTO | NU__FILTER_PURE,
};

static const nu__filter filters[] = {
    { "escape", escape, NU__ARG_NONE, TEXT | SAFE, NULL },
    { "escapejs", escapejs, NU__ARG_NONE, TEXT, NULL },
    { "escapeseq", escapeseq, NU__ARG_NONE, SAFE, NULL, nu__write_escapeseq },
    { "force_escape", force_escape, NU__ARG_NONE, TEXT | SAFE, NULL },
    { "json_script", json_script, NU__ARG_OPTIONAL, SAFE, NULL },
    { "linebreaks", linebreaks, NU__ARG_NONE, AUTO, NULL },
    { "linebreaksbr", linebreaksbr, NU__ARG_NONE, AUTO, NULL },
    { "linenumbers", linenumbers, NU__ARG_NONE, AUTO, NULL },
    { "safe", safe, NU__ARG_NONE, TEXT | SAFE, NULL },
    { "safeseq", safeseq, NU__ARG_NONE, SAFE, NULL, nu__write_safeseq },
    { "striptags", striptags, NU__ARG_NONE, TEXT | SAFE, NULL },
    { "unordered_list", unordered_list, NU__ARG_NONE, SAFE | NU__FILTER_AUTO, NULL,
      write_unordered_list },
    { "urlize", urlize, NU__ARG_NONE, AUTO, NULL },
    { "urlizetrunc", urlizetrunc, NU__ARG_NEEDED, AUTO, NULL },
    { 0 },
};

const nu__library nu__html_filters = { "", NULL, filters };
