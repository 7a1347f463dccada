/* Filters on text. */
#include "core/object.h"
#include "core/text.h"
#include "template/filters/characters.h"
#include "template/filters/filters.h"
#include "template/numbers.h"
#include "template/quick.h"
#include "utils/html.h"
#include "utils/text.h"
#include "utils/url.h"

static nu_value addslashes(const nu__filter_call *call)
{
    nu_str text = nu__filter_text(call);
    nu__buf out = { 0 };

    for (size_t i = 0; i < text.len; i++) {
        if (strchr("\\\"'", text.ptr[i]) && text.ptr[i])
            nu__buf_char(&out, '\\');
        nu__buf_char(&out, text.ptr[i]);
    }
    return V(nu__buf_str(&out));
}

static nu_value capfirst(const nu__filter_call *call)
{
    return V(nu__capfirst(nu__filter_text(call)));
}

/* ---- to the output at once
 * ----------------------------------------------------------------------------------------------
 */

enum { SHORT_TEXT = 256 };

static bool is_short(nu_value value)
{
    return (value.kind == NU_KIND_STR || value.kind == NU_KIND_SAFE) && value.s.len <= SHORT_TEXT;
}

/* Letters of that range with their case changed; what stays safe is the filter's matter. */
static bool write_mapped(const nu__filter_call *call, char first, bool stays_safe)
{
    char mapped[SHORT_TEXT + NU__PADDING];
    nu_value text = call->value;

    if (!is_short(text) || !nu__ascii_other_case(mapped, text.s, first))
        return false;
    text.s.ptr = mapped;
    text.kind = stays_safe ? text.kind : NU_KIND_STR;
    nu__quick_text(&text, call->context);
    return true;
}

static bool write_lower(const nu__filter_call *call)
{
    return write_mapped(call, 'A', true);
}

static bool write_upper(const nu__filter_call *call)
{
    return write_mapped(call, 'a', false);
}

static bool write_truncatechars(const nu__filter_call *call)
{
    nu_value text = call->value;

    if (call->arg.kind != NU_KIND_INT || call->arg.i <= 0 || !is_short(text) ||
        !nu__is_ascii(text.s))
        return false; /* in ASCII a character is a byte */
    if (text.s.len <= (uint64_t)call->arg.i) {
        nu__quick_text(&text, call->context);
        return true;
    }
    text.s.len = (size_t)call->arg.i - 1;
    nu__quick_text(&text, call->context);
    nu__buf_lit(call->context->out, "\u2026");
    return true;
}

/* ---- case and characters
 * ----------------------------------------------------------------------------------------------
 */

static nu_value lower(const nu__filter_call *call)
{
    return V(nu_lower(nu__filter_text(call)));
}

static nu_value upper(const nu__filter_call *call)
{
    return V(nu_upper(nu__filter_text(call)));
}

/* Python's title() makes "They'Re" and "1St" of "they're" and "1st". */
static nu_value title(const nu__filter_call *call)
{
    nu_str titled = nu__title(nu__filter_text(call));
    char *text = (char *)nu_copy(titled).ptr;
    const char *at = titled.ptr, *end = nu__str_end(titled);
    uint32_t before = 0, last = 0; /* not as changed here: "1D'Q" is "1d'Q" */

    while (at < end) {
        size_t i = (size_t)(at - titled.ptr);
        uint32_t c = nu__utf8_next(&at, end);
        bool after_quote = last == '\'' && before >= 'a' && before <= 'z';

        if (c >= 'A' && c <= 'Z' && (after_quote || nu__is_digit(last)))
            text[i] = (char)(c - 'A' + 'a');
        before = last;
        last = c;
    }
    return V(((nu_str){ text, titled.len }));
}

static nu_value slugify(const nu__filter_call *call)
{
    return V(nu_slugify(nu__filter_text(call)));
}

static nu_value make_list(const nu__filter_call *call)
{
    return V(nu__value_items(call->value));
}

static nu_str replaced(nu_value arg)
{
    if (arg.kind != NU_KIND_STR && arg.kind != NU_KIND_SAFE)
        nu_raise(NU_TYPE_ERROR, "replace() argument 1 must be str, not {}",
                 nu__kind_name(arg.kind));
    return arg.s;
}

static nu_value cut(const nu__filter_call *call)
{
    nu_str arg = replaced(call->arg);
    nu_str text = arg.len ? nu__replace(nu__filter_text(call), arg, S("")) : nu__filter_text(call);

    /* without ";" an entity could be cut in two */
    return call->value.kind == NU_KIND_SAFE && !nu_eq(arg, ";") ? nu_safe(text) : V(text);
}

static nu_value wordcount(const nu__filter_call *call)
{
    return V(nu_list_len(nu__split_space(nu__filter_text(call))));
}

static nu_value phone2numeric(const nu__filter_call *call)
{
    if (call->value.kind != NU_KIND_STR && call->value.kind != NU_KIND_SAFE)
        nu_raise(NU_ATTRIBUTE_ERROR, "'{}' object has no attribute 'lower'",
                 nu__kind_name(call->value.kind));
    return V(nu__phone2numeric(call->value.s));
}

static nu_value urlencode(const nu__filter_call *call)
{
    if (!call->value.s.len) /* urllib's quote() gives an empty text back as it is: safe or not */
        return call->value;
    return V(nu__urlquote(call->value.s, call->has_arg ? nu_string(call->arg).ptr : "/"));
}

static nu_value iriencode(const nu__filter_call *call)
{
    return V(nu__iri_to_uri(nu__filter_text(call)));
}

/* ---- to a width
 * ------------------------------------------------------------------------------------- */

enum { MAX_WIDTH = 16 << 20 };

static int64_t width_arg(const nu__filter_call *call)
{
    nu__integer width = nu__cast_int_or_raise(call->arg);

    if (width > MAX_WIDTH)
        nu_raise(NU_OVERFLOW_ERROR, "A width of {} characters is too large.",
                 nu__integer_value(width));
    return width < 0 ? 0 : (int64_t)width;
}

/* Spaces so that `left` of `all` stand before the text. */
static nu_value padded(const nu__filter_call *call, int64_t left, int64_t all)
{
    nu__buf out = { 0 };

    nu__buf_fill(&out, ' ', (size_t)left);
    nu__buf_str_add(&out, nu__filter_text(call));
    nu__buf_fill(&out, ' ', (size_t)(all - left));
    return V(nu__buf_str(&out));
}

static int64_t missing(const nu__filter_call *call)
{
    int64_t missing = width_arg(call) - (int64_t)nu__utf8_count(nu__filter_text(call));

    return missing < 0 ? 0 : missing;
}

static nu_value ljust(const nu__filter_call *call)
{
    return padded(call, 0, missing(call));
}

static nu_value rjust(const nu__filter_call *call)
{
    int64_t n = missing(call);

    return padded(call, n, n);
}

/* Python puts the odd space to the left where the width is odd. */
static nu_value center(const nu__filter_call *call)
{
    int64_t n = missing(call);

    return padded(call, n / 2 + (n & width_arg(call) & 1), n);
}

static nu_value wordwrap(const nu__filter_call *call)
{
    nu__integer width = nu__cast_int_or_raise(call->arg);

    width = width > MAX_WIDTH ? MAX_WIDTH : width < INT64_MIN ? INT64_MIN : width;
    return V(nu__wrap(nu__filter_text(call), (int64_t)width));
}

/* ---- truncating
 * --------------------------------------------------------------------------------------- */

static nu_value truncated(const nu__filter_call *call,
                          nu_str (*truncate)(nu_str text, int64_t length, nu_str suffix),
                          nu_str suffix)
{
    int64_t length;

    if (!nu__cast_int_within(call->arg, INT32_MIN, INT32_MAX, &length)) {
        if (nu__int_is_type_error(call->arg))
            nu__cast_int_or_raise(call->arg);
        return call->value;
    }
    return V(truncate(nu__filter_text(call), length, suffix));
}

static nu_value truncatechars(const nu__filter_call *call)
{
    return truncated(call, nu__truncate_chars, (nu_str){ 0 });
}

static nu_value truncatechars_html(const nu__filter_call *call)
{
    return truncated(call, nu__truncate_html_chars, (nu_str){ 0 });
}

static nu_value truncatewords(const nu__filter_call *call)
{
    return truncated(call, nu__truncate_words, S(" …"));
}

static nu_value truncatewords_html(const nu__filter_call *call)
{
    return truncated(call, nu__truncate_html_words, S(" …"));
}

enum {
    SAFE = NU__FILTER_SAFE | NU__FILTER_STRING | NU__FILTER_PURE,
    TEXT = NU__FILTER_STRING | NU__FILTER_PURE,
};

static const nu__filter filters[] = {
    { "addslashes", addslashes, NU__ARG_NONE, SAFE, NULL },
    { "capfirst", capfirst, NU__ARG_NONE, SAFE, NULL },
    { "center", center, NU__ARG_NEEDED, SAFE, NULL },
    { "cut", cut, NU__ARG_NEEDED, TEXT, NULL },
    { "iriencode", iriencode, NU__ARG_NONE, SAFE, NULL },
    { "ljust", ljust, NU__ARG_NEEDED, SAFE, NULL },
    { "lower", lower, NU__ARG_NONE, SAFE, NULL, write_lower },
    { "make_list", make_list, NU__ARG_NONE, TEXT, NULL, nu__write_make_list },
    { "phone2numeric", phone2numeric, NU__ARG_NONE, NU__FILTER_SAFE, NULL },
    { "rjust", rjust, NU__ARG_NEEDED, SAFE, NULL },
    { "slugify", slugify, NU__ARG_NONE, SAFE, NULL },
    { "title", title, NU__ARG_NONE, SAFE, NULL },
    { "truncatechars", truncatechars, NU__ARG_NEEDED, SAFE, NULL, write_truncatechars },
    { "truncatechars_html", truncatechars_html, NU__ARG_NEEDED, SAFE, NULL },
    { "truncatewords", truncatewords, NU__ARG_NEEDED, SAFE, NULL },
    { "truncatewords_html", truncatewords_html, NU__ARG_NEEDED, SAFE, NULL },
    { "upper", upper, NU__ARG_NONE, TEXT, NULL, write_upper },
    { "urlencode", urlencode, NU__ARG_OPTIONAL, TEXT, NULL },
    { "wordcount", wordcount, NU__ARG_NONE, TEXT, NULL },
    { "wordwrap", wordwrap, NU__ARG_NEEDED, SAFE, NULL },
    { 0 },
};

const nu__library nu__string_filters = { "", NULL, filters };
