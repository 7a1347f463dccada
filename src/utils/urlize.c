#include "core/context.h"
#include "core/text.h"
#include "utils/html.h"
#include "utils/url.h"

enum { URL_CAP = 2048 };

/* ---- quoting a whole URL ------------------------------------------------------------------ */

/* Generic and sub-delimiters of RFC 3986, and the tilde. */
#define DELIMITERS "!$&'()*+,;=:/?#[]@~"

static nu_str requote(nu_str part)
{
    return nu__urlquote(nu__unquote(part), DELIMITERS);
}

/* Keys and values apart, so that an escaped & stays one. Django unquotes twice; so do we. */
static nu_str requote_query(nu_str query)
{
    nu__buf buf = { 0 };

    while (query.ptr) {
        ptrdiff_t mark = nu__find(query, S("&"));
        nu_str pair = mark < 0 ? query : nu__sub(query, 0, (size_t)mark);
        ptrdiff_t equals = nu__find(pair, S("="));
        nu_str key = equals < 0 ? pair : nu__sub(pair, 0, (size_t)equals);
        nu_str value = equals < 0 ? S("") : nu__sub(pair, (size_t)equals + 1, pair.len);

        if (pair.len)
            nu__urlencode_pair(&buf, nu__unquote(nu__unquote_plus(key)),
                               nu__unquote(nu__unquote_plus(value)));
        query = mark < 0 ? (nu_str){ NULL, 0 } : nu__sub(query, (size_t)mark + 1, query.len);
    }
    return nu__buf_str(&buf);
}

nu_str nu__smart_urlquote(nu_str url)
{
    nu__url parts;

    if (!nu__urlsplit(url, &parts))
        return requote(url);
    parts.netloc = requote(parts.netloc);
    parts.query = requote_query(parts.query.len ? parts.query : (nu_str){ NULL, 0 });
    parts.path = requote(parts.path);
    parts.fragment = requote(parts.fragment);
    return nu__urlunsplit(&parts);
}

/* ---- punctuation around a word ------------------------------------------------------------ */

#define TRAILING               ".,:;!"
#define TRAILING_BUT_SEMICOLON ".,:!"

typedef struct {
    nu_str lead, middle, trail;
} word_parts;

static int64_t count_of(nu_str text, char c)
{
    int64_t n = 0;

    for (size_t i = 0; i < text.len; i++)
        n += text.ptr[i] == c;
    return n;
}

/* Bytes without those at the end that are among `chars`. */
static size_t stripped_length(nu_str text, const char *chars)
{
    size_t len = text.len;

    while (len && text.ptr[len - 1] && strchr(chars, text.ptr[len - 1]))
        len--;
    return len;
}

/* The middle loses its end from `len` on to the trail. */
static void give_to_trail(word_parts *parts, nu_str word, size_t len)
{
    parts->middle.len = len;
    parts->trail = nu__sub(word, (size_t)(parts->middle.ptr - word.ptr) + len, word.len);
}

/* Bytes without the last `n` characters. */
static size_t length_without(nu_str text, int64_t n)
{
    size_t len = text.len;

    for (; n && len; n--)
        do
            len--;
        while (len && (text.ptr[len] & 0xC0) == 0x80);
    return len;
}

/* As many characters go as there are closing brackets over the number of opening ones, whatever
   they are, if the last one is such a bracket. */
static bool trim_brackets(word_parts *parts, nu_str word, char closing, int64_t counts[2])
{
    int64_t excess = counts[1] - counts[0];

    if (excess <= 0 || !parts->middle.len || parts->middle.ptr[parts->middle.len - 1] != closing)
        return false;
    give_to_trail(parts, word, length_without(parts->middle, excess));
    counts[1] -= excess;
    return true;
}

/* A semicolon at the end of a reference ("&lt;") belongs to it. */
static bool trim_semicolons(word_parts *parts, nu_str word, ptrdiff_t amp)
{
    nu_str middle = parts->middle;
    nu_str tail = amp < 0 ? nu__sub(middle, middle.len - 1, middle.len)
                          : nu__sub(middle, (size_t)amp, middle.len);
    nu_str unescaped = nu__html_unescape(tail);
    size_t len, semicolons;

    if (!nu_eq(unescaped, tail) && !nu_ends_with(unescaped, S(";")))
        return false;
    len = stripped_length(middle, TRAILING);
    semicolons = middle.len - stripped_length(middle, ";");
    if (amp >= 0 && semicolons > 1)
        len += (size_t)nu__find(nu__sub(middle, len, middle.len), S(";")) + 1;
    give_to_trail(parts, word, len);
    return true;
}

static ptrdiff_t last_ampersand(nu_str text)
{
    const char *found = text.len ? memrchr(text.ptr, '&', text.len) : NULL;

    return found ? found - text.ptr : -1;
}

static bool trim_once(word_parts *parts, nu_str word, int64_t round[2], int64_t square[2])
{
    bool trimmed = trim_brackets(parts, word, ')', round);
    ptrdiff_t amp;
    size_t len;

    trimmed |= trim_brackets(parts, word, ']', square);
    amp = last_ampersand(parts->middle);
    len = stripped_length(parts->middle, amp < 0 ? TRAILING : TRAILING_BUT_SEMICOLON);
    if (len != parts->middle.len) {
        give_to_trail(parts, word, len);
        trimmed = true;
    }
    if (nu_ends_with(parts->middle, S(";")))
        trimmed |= trim_semicolons(parts, word, amp);
    return trimmed;
}

static word_parts trim_punctuation(nu_str word)
{
    size_t lead = 0;
    word_parts parts;

    while (lead < word.len && (word.ptr[lead] == '(' || word.ptr[lead] == '['))
        lead++;
    parts.lead = nu__sub(word, 0, lead);
    parts.middle = nu__sub(word, lead, word.len);
    parts.trail = nu__sub(word, word.len, word.len);

    int64_t round[2] = { count_of(parts.middle, '('), count_of(parts.middle, ')') };
    int64_t square[2] = { count_of(parts.middle, '['), count_of(parts.middle, ']') };

    while (parts.middle.len && trim_once(&parts, word, round, square)) {
    }
    return parts;
}

/* ---- what is an address ------------------------------------------------------------------- */

static bool begins(nu_str text, const char *lower)
{
    size_t len = strlen(lower);

    return text.len >= len && nu__eq_ignore_ascii_case(nu__sub(text, 0, len), nu_s(lower));
}

static bool word_at(nu_str text, size_t i)
{
    const char *at = text.ptr + i;

    return i < text.len && nu__is_word(nu__utf8_next(&at, nu__str_end(text)));
}

/* http:// or https://, perhaps a bracket, a word character */
static bool is_url(nu_str text)
{
    size_t i = begins(text, "http://") ? 7 : begins(text, "https://") ? 8 : 0;

    return i && (word_at(text, i) || (i < text.len && text.ptr[i] == '[' && word_at(text, i + 1)));
}

/* Ends in one of the first top-level domains, before a slash or the end. */
static bool has_classic_domain(nu_str text)
{
    static const char *const domains[] = { ".com", ".edu", ".gov", ".int", ".mil", ".net", ".org" };
    ptrdiff_t at_sign = nu__find(text, S("@"));
    size_t limit = at_sign < 0 ? text.len : (size_t)at_sign; /* none before the point */
    size_t first = nu__utf8_slice(text, 0, 1).len;           /* and two characters at least */

    for (size_t i = text.len; i-- > first + 1;) {
        nu_str rest = nu__sub(text, i, text.len);

        if (rest.ptr[0] != '.' || i > limit)
            continue;
        for (size_t d = 0; d < sizeof domains / sizeof *domains; d++)
            if (begins(rest, domains[d]) && (rest.len == 4 || rest.ptr[4] == '/'))
                return true;
    }
    return false;
}

static bool is_bare_url(nu_str text)
{
    if (begins(text, "www."))
        return true;
    return !begins(text, "http") && word_at(text, 0) && has_classic_domain(text);
}

/* ---- mail --------------------------------------------------------------------------------- */

static bool is_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Atoms joined by points. */
static bool is_dot_atom(nu_str local)
{
    bool point = true;

    for (size_t i = 0; i < local.len; i++) {
        char c = local.ptr[i];

        if (c == '.' && point)
            return false;
        if (c != '.' && !is_alphanumeric(c) && (!c || !strchr("-!#$%&'*+/=?^_`{}|~", c)))
            return false;
        point = c == '.';
    }
    return !point;
}

/* A quoted string: Django's pattern lets no space or line in, but escapes. */
static bool is_quoted_local(nu_str local)
{
    if (local.len < 2 || local.ptr[0] != '"' || local.ptr[local.len - 1] != '"')
        return false;
    for (size_t i = 1; i + 1 < local.len; i++) {
        unsigned char c = (unsigned char)local.ptr[i];

        if (c == '\\' && i + 2 < local.len)
            c = (unsigned char)local.ptr[++i] == '\n' ? '"' : 1;
        if (c == '"' || c == '\\' || c == '\t' || c == '\n' || c == '\r' || c == 0 || c == ' ' ||
            c >= 0x80)
            return false;
    }
    return true;
}

/* A host name's part: letters (any script's), digits and hyphens inside; 63 at most. */
static bool is_label(nu_str label)
{
    const char *end = nu__str_end(label);
    size_t n = nu__utf8_count(label);

    if (!n || n > 63 || label.ptr[0] == '-' || end[-1] == '-')
        return false;
    for (const char *at = label.ptr; at < end;) {
        uint32_t c = nu__utf8_next(&at, end);

        if (c < 0x80 ? !is_alphanumeric((char)c) && c != '-' : c < 0xa1)
            return false;
    }
    return true;
}

static bool is_mail_domain(nu_str domain)
{
    int labels = 0;

    if (domain.len > 255)
        return false;
    while (domain.ptr) {
        ptrdiff_t point = nu__find(domain, S("."));
        nu_str label = point < 0 ? domain : nu__sub(domain, 0, (size_t)point);

        if (!is_label(label) || (point < 0 && nu__utf8_count(label) < 2))
            return false;
        labels++;
        domain = point < 0 ? (nu_str){ NULL, 0 } : nu__sub(domain, (size_t)point + 1, domain.len);
    }
    return labels > 1;
}

static bool split_mail(nu_str text, nu_str *local, nu_str *domain)
{
    const char *at = text.len ? memrchr(text.ptr, '@', text.len) : NULL;

    if (!at || text.len > 320)
        return false;
    *local = nu__sub(text, 0, (size_t)(at - text.ptr));
    *domain = nu__sub(text, (size_t)(at - text.ptr) + 1, text.len);
    return (is_dot_atom(*local) || is_quoted_local(*local)) && is_mail_domain(*domain);
}

/* ---- links -------------------------------------------------------------------------------- */

static bool link_of(nu_str middle, nu_str *url, bool *is_mail)
{
    nu_str local, domain;
    bool fits = nu__utf8_count(middle) <= URL_CAP;

    *is_mail = false;
    if (fits && is_url(middle)) {
        *url = nu__smart_urlquote(nu__html_unescape(middle));
    } else if (fits && is_bare_url(middle)) {
        *url = nu__smart_urlquote(nu_fmt("http://{}", nu__html_unescape(middle)));
    } else if (nu__find(middle, S(":")) < 0 && split_mail(middle, &local, &domain)) {
        *is_mail = true;
        *url = nu_fmt("mailto:{}@{}", nu__urlquote(local, ""), nu__urlquote(domain, ""));
    } else {
        return false;
    }
    return true;
}

static nu_str trimmed_url(nu_str text, const nu__urlize *options)
{
    int64_t limit = options->trim_limit;

    if (!options->trim || (int64_t)nu__utf8_count(text) <= limit)
        return text;
    return nu_fmt("{}…", nu__utf8_slice(text, 0, limit > 1 ? (size_t)limit - 1 : 0));
}

static void put_text(nu__buf *buf, nu_str text, const nu__urlize *options)
{
    if (options->autoescape && !options->safe_input)
        nu__escape_to(buf, text);
    else
        nu__buf_str_add(buf, text);
}

static void put_word(nu__buf *buf, nu_str word, const nu__urlize *options)
{
    word_parts parts = { .middle = { NULL, 0 } };
    nu_str url = S("");
    bool is_mail;

    if (memchr(word.ptr, '.', word.len) || memchr(word.ptr, '@', word.len) ||
        memchr(word.ptr, ':', word.len))
        parts = trim_punctuation(word);
    if (!parts.middle.len || !link_of(parts.middle, &url, &is_mail)) {
        put_text(buf, word, options);
        return;
    }
    put_text(buf, parts.lead, options);
    nu__buf_lit(buf, "<a href=\"");
    nu__escape_to(buf, url);
    nu__buf_char(buf, '"');
    if (options->nofollow && !is_mail)
        nu__buf_lit(buf, " rel=\"nofollow\"");
    nu__buf_char(buf, '>');
    put_text(buf, trimmed_url(parts.middle, options), options);
    nu__buf_lit(buf, "</a>");
    put_text(buf, parts.trail, options);
}

static bool splits_words(uint32_t c)
{
    return nu__is_space(c) || c == '<' || c == '>' || c == '"' || c == '\'';
}

/* Words and what lies between, in turn. */
static nu_str next_run(nu_str *text)
{
    const char *at = text->ptr, *end = nu__str_end(*text), *start = at;
    bool between = splits_words(nu__utf8_next(&at, end));
    nu_str run;

    while (at < end) {
        const char *before = at;

        if (splits_words(nu__utf8_next(&at, end)) != between) {
            at = before;
            break;
        }
    }
    run = nu__sub(*text, 0, (size_t)(at - start));
    *text = nu__sub(*text, run.len, text->len);
    return run;
}

nu_str nu__urlize_text(nu_str text, const nu__urlize *options)
{
    nu__buf buf = { 0 };

    while (text.len) {
        nu__arena_mark mark = nu__arena_mark_take(nu__here->arena);
        nu__buf before = buf;

        put_word(&buf, next_run(&text), options);
        if (buf.data == before.data && buf.cap == before.cap) /* else it lies above the mark */
            nu__arena_mark_release(nu__here->arena, mark);
    }
    return nu__buf_str(&buf);
}
