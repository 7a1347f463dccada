#include "utils/text.h"

#include "core/text.h"
#include "utils/translation.h"

#include <nuages/errors.h>

nu_str nu__normalize_newlines(nu_str text)
{
    nu__buf buf = { 0 };

    if (!text.len || !memchr(text.ptr, '\r', text.len))
        return text;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '\r')
            nu__buf_char(&buf, text.ptr[i]);
        else if (i + 1 == text.len || text.ptr[i + 1] != '\n')
            nu__buf_char(&buf, '\n');
    }
    return nu__buf_str(&buf);
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

/* A capital after a small letter, or one that begins a word after other capitals. */
static bool begins_word(nu_str text, size_t i)
{
    if (!is_upper(text.ptr[i]))
        return false;
    if (i && is_lower(text.ptr[i - 1]))
        return true;
    return i + 1 < text.len && !is_upper(text.ptr[i + 1]) &&
           !(text.ptr[i + 1] == '\n' && i + 2 == text.len);
}

nu_str nu__camel_case_to_spaces(nu_str text)
{
    nu__buf buf = { 0 };

    for (size_t i = 0; i < text.len; i++) {
        if (begins_word(text, i))
            nu__buf_char(&buf, ' ');
        nu__buf_char(&buf, text.ptr[i]);
    }
    return nu_lower(nu_trim(nu__buf_str(&buf)));
}

nu_str nu__get_valid_filename(nu_str name)
{
    nu__buf buf = { 0 };
    nu_str trimmed = nu_trim(name), valid;
    const char *end = nu__str_end(trimmed);

    for (const char *at = trimmed.ptr; at < end;) {
        const char *start = at;
        uint32_t c = nu__utf8_next(&at, end);

        if (c == ' ')
            nu__buf_char(&buf, '_');
        else if (c == '-' || c == '.' || nu__is_word(c))
            nu__buf_add(&buf, start, (size_t)(at - start));
    }
    valid = nu__buf_str(&buf);
    if (!valid.len || nu_eq(valid, ".") || nu_eq(valid, ".."))
        nu_raise(NU_SUSPICIOUS_FILE_OPERATION, "Could not derive file name from '{}'", name);
    return valid;
}

nu_str nu__slugify_unicode(nu_str text)
{
    nu__buf buf = { 0 };
    nu_str lower = nu_lower(nu__normalize_kc(text));
    const char *end = nu__str_end(lower);
    bool gap = false;

    for (const char *at = lower.ptr; at < end;) {
        const char *start = at;
        uint32_t c = nu__utf8_next(&at, end);

        if (c == '-' || nu__is_space(c)) {
            gap = true;
        } else if (nu__is_word(c)) {
            if (gap)
                nu__buf_char(&buf, '-');
            gap = false;
            nu__buf_add(&buf, start, (size_t)(at - start));
        }
    }
    return nu__strip_chars(nu__buf_str(&buf), "-_");
}

nu_str nu__phone2numeric(nu_str phone)
{
    static const char keys[] = "22233344455566677778889999"; /* a to z */
    nu__buf buf = { 0 };
    nu_str lower = nu_lower(phone);

    for (size_t i = 0; i < lower.len; i++) {
        char c = lower.ptr[i];

        nu__buf_char(&buf, is_lower(c) ? keys[c - 'a'] : c);
    }
    return nu__buf_str(&buf);
}

nu_str nu__get_text_list(const nu_list *texts, nu_str last_word)
{
    nu__buf buf = { 0 };
    size_t len = nu_list_len(texts);
    nu_str separator = len > 2 ? nu__gettext(S(", ")) : (nu_str){ 0 };

    for (size_t i = 0; i < len; i++) {
        if (i && i + 1 == len)
            nu__buf_fmt(&buf, " {} ", last_word);
        else if (i)
            nu__buf_str_add(&buf, separator);
        nu__buf_str_add(&buf, nu_string(nu_at(texts, i)));
    }
    return nu__buf_str(&buf);
}

/* ---- splitting ---------------------------------------------------------------------------- */

/* One past the closing quote; NULL when there is none. A backslash keeps the next character from
   closing; at the end of a line it makes the string none. */
static const char *skip_quoted(const char *at, const char *end)
{
    char quote = *at++;

    for (; at < end && *at != quote; at++)
        if (*at == '\\' && (++at == end || *at == '\n'))
            return NULL;
    return at < end ? at + 1 : NULL;
}

static bool is_space_at(const char *at, const char *end)
{
    return nu__is_space(nu__utf8_next(&at, end));
}

static const char *skip_unquoted(const char *at, const char *end)
{
    while (at < end && *at != '"' && *at != '\'' && !is_space_at(at, end))
        nu__utf8_next(&at, end);
    return at;
}

static const char *skip_word(const char *at, const char *end)
{
    while (at < end && !is_space_at(at, end))
        nu__utf8_next(&at, end);
    return at;
}

/* Text with whole strings in it, or else all up to a space. */
static const char *skip_bit(const char *start, const char *end)
{
    const char *at = skip_unquoted(start, end), *closed = NULL, *after;

    while (at < end && (*at == '"' || *at == '\'') && (after = skip_quoted(at, end)))
        at = closed = skip_unquoted(after, end);
    return closed ? closed : skip_word(start, end);
}

nu_list *nu__smart_split(nu_str text)
{
    nu_list *bits = nu_list_new();
    const char *end = nu__str_end(text);

    for (const char *at = text.ptr; at < end;) {
        const char *start = at;

        if (is_space_at(at, end)) {
            nu__utf8_next(&at, end);
            continue;
        }
        at = skip_bit(at, end);
        nu_list_append(bits, ((nu_str){ start, (size_t)(at - start) }));
    }
    return bits;
}

bool nu__unescape_string_literal(nu_str literal, nu_str *out)
{
    char quote = literal.len ? literal.ptr[0] : 0;
    char escaped[2] = { '\\', quote };

    if ((quote != '"' && quote != '\'') || literal.ptr[literal.len - 1] != quote)
        return false;
    literal = literal.len > 1 ? nu__sub(literal, 1, literal.len - 1) : S("");
    literal = nu__replace(literal, (nu_str){ escaped, 2 }, nu_copy((nu_str){ &quote, 1 }));
    *out = nu__replace(literal, S("\\\\"), S("\\"));
    return true;
}
