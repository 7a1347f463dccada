#include "utils/html_parser.h"

#include "core/text.h"
#include "utils/html.h"

#include <strings.h>

/* What a piece of markup turned out to be. */
enum { INCOMPLETE = -1 };

typedef nu__html_parser parser;

static const char *html_end(const parser *p)
{
    return nu__str_end(p->html);
}

static const char *here(const parser *p)
{
    return p->html.ptr + p->at;
}

static nu_str between(const char *from, const char *to)
{
    return (nu_str){ from, (size_t)(to - from) };
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_alphanumeric(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9');
}

/* Bytes of the space at `at`, 0 when there is none. Any of Unicode's counts. */
static size_t space_at(const char *at, const char *end)
{
    const char *next = at;

    return at < end && nu__is_space(nu__utf8_next(&next, end)) ? (size_t)(next - at) : 0;
}

static const char *skip_space(const char *at, const char *end)
{
    for (size_t n; (n = space_at(at, end));)
        at += n;
    return at;
}

static const char *find(const char *at, const char *end, char c)
{
    return at < end ? memchr(at, c, (size_t)(end - at)) : NULL;
}

static bool starts(const parser *p, const char *at, const char *text)
{
    size_t len = strlen(text);

    return (size_t)(html_end(p) - at) >= len && strncasecmp(at, text, len) == 0;
}

/* ---- events ------------------------------------------------------------------------------- */

static void told(parser *p, bool go_on)
{
    p->stopped |= !go_on;
}

static void tell_text(parser *p, nu_str text)
{
    if (p->events->text && text.len)
        told(p, p->events->text(p->self, text));
}

/* Text in which references count, unless within script and style. */
static void tell_prose(parser *p, nu_str text)
{
    tell_text(p, p->unescape && !p->cdata.ptr ? nu__html_unescape(text) : text);
}

static void tell_end(parser *p, nu_str name)
{
    if (p->events->end_tag)
        told(p, p->events->end_tag(p->self, nu_lower(name)));
}

/* ---- start tags --------------------------------------------------------------------------- */

static bool ends_name(char c)
{
    return c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == ' ' || c == '/' || c == '>' ||
           c == 0;
}

static const char *skip_name(const char *at, const char *end)
{
    while (at < end && !ends_name(*at))
        at++;
    return at;
}

/* Spaces, and slashes that do not close the tag. */
static const char *skip_gap(const char *at, const char *end)
{
    for (;;) {
        size_t n = space_at(at, end);

        if (!n && at < end && *at == '/' && !(at + 1 < end && at[1] == '>'))
            n = 1;
        if (!n)
            return at;
        at += n;
    }
}

/* A bare value: up to a space or the tag's end. */
static const char *skip_bare(const char *at, const char *end)
{
    while (at < end && *at != '>' && !space_at(at, end))
        nu__utf8_next(&at, end);
    return at;
}

/* Behind an attribute's name: "=" and a value; NULL when there is none. A quote that never closes
   opens no value: then the value is empty if a space precedes it, or a second "=" begins it. */
static const char *skip_value(const char *at, const char *end)
{
    const char *equals = skip_space(at, end), *after = equals, *value, *closed;

    while (after < end && *after == '=')
        after++;
    if (after == equals)
        return NULL;
    value = skip_space(after, end);
    if (value == end || (*value != '"' && *value != '\''))
        return skip_bare(value, end);
    closed = find(value + 1, end, *value);
    if (closed)
        return closed + 1;
    if (value > after)
        return after;
    return after - equals > 1 ? skip_bare(after - 1, end) : NULL;
}

/* An attribute and the gap behind it; NULL when none begins here. */
static const char *skip_attribute(const char *at, const char *start, const char *end)
{
    const char *value;
    bool separate = at > start && (at[-1] == '"' || at[-1] == '\'' || at[-1] == '/');

    if (!separate) {
        const char *before = at - 1;

        while (before > start && (*before & 0xC0) == 0x80)
            before--;
        separate = before >= start && space_at(before, at);
    }
    if (!separate || at == end || *at == '/' || *at == '>' || space_at(at, end))
        return NULL;
    nu__utf8_next(&at, end);
    while (at < end && *at != '/' && *at != '=' && *at != '>' && !space_at(at, end))
        nu__utf8_next(&at, end);
    value = skip_value(at, end);
    return skip_gap(value ? skip_space(value, end) : at, end);
}

/* Where a start tag ends; NULL when it does not. */
static const char *start_tag_end(const char *start, const char *end)
{
    const char *at = skip_name(start + 1, end), *next;

    while (at < end && (*at == '/' || space_at(at, end)))
        at += *at == '/' ? 1 : space_at(at, end);
    while ((next = skip_attribute(at, start, end)))
        at = next;
    at = skip_space(at, end);
    if (at == end)
        return NULL;
    if (*at == '>')
        return at + 1;
    if (*at == '/')
        return end - at > 1 && at[1] == '>' ? at + 2 : NULL;
    return is_letter(*at) || *at == '=' ? NULL : at;
}

static nu_str trimmed_rest(const char *start, const char *end)
{
    const char *at = skip_gap(skip_name(start + 1, end), end), *next;

    while (at < end && (next = skip_attribute(at, start, end)))
        at = next;
    return nu_trim(between(at < end ? at : end, end));
}

static bool is_cdata_element(nu_str name)
{
    return nu_eq(name, "script") || nu_eq(name, "style");
}

static ptrdiff_t take_start_tag(parser *p)
{
    const char *start = here(p), *end = start_tag_end(start, html_end(p));
    nu_str name, rest;
    bool closed;

    if (!end)
        return INCOMPLETE;
    rest = trimmed_rest(start, end);
    closed = nu_eq(rest, "/>");
    if (!closed && !nu_eq(rest, ">")) {
        tell_text(p, between(start, end));
        return end - start;
    }
    name = nu_lower(between(start + 1, skip_name(start + 1, end)));
    if (p->events->start_tag)
        told(p, p->events->start_tag(p->self, name, between(start, end), closed));
    if (!closed && is_cdata_element(name))
        p->cdata = name;
    return end - start;
}

/* ---- end tags ----------------------------------------------------------------------------- */

/* "</name>" with spaces around the name; the name. */
static bool plain_end_tag(const char *start, const char *end, nu_str *name)
{
    const char *at = skip_space(start + 2, end), *first = at;

    if (at == end || !is_letter(*at))
        return false;
    while (at < end && (is_alphanumeric(*at) || memchr("-.:_", *at, 4)))
        at++;
    *name = between(first, at);
    at = skip_space(at, end);
    return at < end && *at == '>';
}

static ptrdiff_t take_end_tag(parser *p)
{
    const char *start = here(p), *end = html_end(p), *close = find(start + 1, end, '>'), *after;
    nu_str name;

    if (!close)
        return INCOMPLETE;
    if (plain_end_tag(start, end, &name)) {
        if (p->cdata.ptr && !nu__eq_ignore_ascii_case(name, p->cdata)) {
            tell_text(p, between(start, close + 1));
            return close + 1 - start;
        }
        tell_end(p, name);
        p->cdata = (nu_str){ NULL, 0 };
        return close + 1 - start;
    }
    if (p->cdata.ptr) {
        tell_text(p, between(start, close + 1));
        return close + 1 - start;
    }
    if (!is_letter(start[2])) /* a bogus comment */
        return close + 1 - start;
    after = skip_gap(skip_name(start + 2, end), end);
    tell_end(p, between(start + 2, skip_name(start + 2, end)));
    close = find(after, end, '>');
    return close ? close + 1 - start : 0;
}

/* ---- comments and declarations ------------------------------------------------------------ */

/* `mark`, spaces, `last`: where it ends. */
static const char *find_closing(const char *at, const char *end, const char *mark, bool twice)
{
    size_t len = strlen(mark);

    for (; (at = at < end ? memmem(at, (size_t)(end - at), mark, len) : NULL); at++) {
        const char *next = skip_space(at + len, end);

        if (twice && next < end && *next == *mark)
            next = skip_space(next + 1, end);
        else if (twice)
            continue;
        if (next < end && *next == '>')
            return next + 1;
    }
    return NULL;
}

static ptrdiff_t until(const parser *p, const char *end)
{
    return end ? end - here(p) : INCOMPLETE;
}

static const char *after_bracket(const char *at, const char *end)
{
    const char *close = find(at, end, '>');

    return close ? close + 1 : NULL;
}

/* "<![CDATA[…]]>" and the conditionals of old office programs. */
static ptrdiff_t take_marked_section(parser *p)
{
    static const char *const office[] = { "if", "else", "endif" };
    const char *name = here(p) + 3, *end = html_end(p), *at = name;

    while (at < end && (is_alphanumeric(*at) || memchr("-_.", *at, 3)))
        at++;
    if (at == end)
        return INCOMPLETE;
    for (size_t i = 0; i < sizeof office / sizeof *office; i++)
        if (nu__eq_ignore_ascii_case(between(name, at), nu_s(office[i])))
            return until(p, find_closing(name, end, "]", false));
    return until(p, find_closing(name, end, "]", true));
}

static ptrdiff_t take_declaration(parser *p)
{
    const char *at = here(p), *end = html_end(p);

    if (starts(p, at, "<!--"))
        return until(p, find_closing(at + 4, end, "--", false));
    if (starts(p, at, "<!["))
        return take_marked_section(p);
    return until(p, after_bracket(at + 2, end));
}

/* ---- references --------------------------------------------------------------------------- */

/* A reference that is not the last thing: what ends it must be there to be seen. */
static const char *reference_end(const char *at, const char *end, bool numeric)
{
    bool hex = numeric && at < end && (*at | 0x20) == 'x';
    const char *first = at + hex;

    if (!numeric && (at == end || !is_letter(*at)))
        return NULL;
    for (at = first; at < end; at++) {
        bool digit = *at >= '0' && *at <= '9';
        bool hex_letter = (*at | 0x20) >= 'a' && (*at | 0x20) <= 'f';

        if (numeric ? !digit && !(hex && hex_letter)
                    : !is_alphanumeric(*at) && *at != '-' && *at != '.')
            break;
    }
    if (numeric && at < end && (*at | 0x20) >= 'a' && (*at | 0x20) <= 'f')
        return NULL;
    if (!numeric && at == end) /* then the last hyphen or point may be what ends it */
        do
            at--;
        while (at > first && *at != '-' && *at != '.');
    return at > first && at < end ? at : NULL;
}

static bool take_reference(parser *p, bool numeric)
{
    bool (*tell)(void *, nu_str) = numeric ? p->events->character : p->events->entity;
    const char *start = here(p) + 1 + numeric, *end = reference_end(start, html_end(p), numeric);

    if (!end)
        return false;
    if (tell)
        told(p, tell(p->self, between(start, end)));
    p->at = (size_t)(end - p->html.ptr) + (*end == ';');
    return true;
}

/* "&" of something that is no reference, or not a whole one. False: wait for more. */
static bool take_ampersand(parser *p, bool closing)
{
    const char *at = here(p), *end = html_end(p);
    bool numeric = end - at > 1 && at[1] == '#';

    if (take_reference(p, numeric))
        return true;
    if (numeric) {
        if (find(at, end, ';')) {
            tell_text(p, between(at, at + 2));
            p->at += 2;
        }
        return false;
    }
    if (end - at > 1 && is_letter(at[1])) {
        if (closing && end - at == 2)
            p->at++;
        return false;
    }
    if (end - at < 2)
        return false;
    tell_text(p, S("&"));
    p->at++;
    return true;
}

/* ---- the loop ----------------------------------------------------------------------------- */

/* "</script>" with spaces. */
static const char *find_cdata_end(const parser *p)
{
    const char *at = here(p), *end = html_end(p);

    for (; at < end && (at = memmem(at, (size_t)(end - at), "</", 2)); at++) {
        const char *name = skip_space(at + 2, end), *after = name + p->cdata.len;

        if ((size_t)(end - name) >= p->cdata.len &&
            strncasecmp(name, p->cdata.ptr, p->cdata.len) == 0) {
            after = skip_space(after, end);
            if (after < end && *after == '>')
                return at;
        }
    }
    return NULL;
}

/* Text that ends within a reference must wait: an "&" among the last 34 characters that neither a
   space nor a semicolon follows. */
static bool ends_in_reference(const parser *p)
{
    const char *start = here(p), *at = html_end(p), *end = at;

    for (int n = 0; at > start && n < 34; n += (*at & 0xC0) != 0x80) {
        at--;
        if (*at == ';' || space_at(at, end))
            return false;
        if (*at == '&')
            return true;
    }
    return false;
}

/* Where the text here ends and markup begins; NULL: wait. */
static const char *text_end(const parser *p)
{
    const char *at = here(p), *end = html_end(p), *found;

    if (p->cdata.ptr)
        return find_cdata_end(p);
    if (p->unescape) {
        found = find(at, end, '<');
        return found ? found : ends_in_reference(p) ? NULL : end;
    }
    while (at < end && *at != '<' && *at != '&')
        at++;
    return at;
}

static ptrdiff_t take_markup(parser *p)
{
    const char *at = here(p), *end = html_end(p);

    if (end - at > 1 && is_letter(at[1]))
        return take_start_tag(p);
    if (starts(p, at, "</"))
        return take_end_tag(p);
    if (starts(p, at, "<?"))
        return until(p, after_bracket(at + 2, end));
    if (starts(p, at, "<!"))
        return take_declaration(p);
    if (end - at < 2)
        return 0;
    tell_text(p, S("<"));
    return 1;
}

/* Markup that never ends is text, up to where other markup may begin. */
static ptrdiff_t give_up(parser *p)
{
    const char *at = here(p), *end = html_end(p), *next = find(at + 1, end, '>');

    if (next)
        next++;
    else
        next = find(at + 1, end, '<');
    if (!next)
        next = at + 1;
    tell_prose(p, between(at, next));
    return next - at;
}

/* One piece of text and what follows it. False: wait for more. */
static bool step(parser *p, bool closing)
{
    const char *end = text_end(p);
    ptrdiff_t taken;

    if (!end)
        return false;
    if (end > here(p))
        tell_prose(p, between(here(p), end));
    p->at = (size_t)(end - p->html.ptr);
    if (p->stopped || p->at == p->html.len)
        return false;
    if (*end == '&')
        return take_ampersand(p, closing);
    taken = take_markup(p);
    if (taken == INCOMPLETE && closing)
        taken = give_up(p);
    if (taken <= 0)
        return false;
    p->at += (size_t)taken;
    return true;
}

void nu__html_feed(parser *p)
{
    while (!p->stopped && p->at < p->html.len && step(p, false)) {
    }
}

void nu__html_close(parser *p)
{
    while (!p->stopped && p->at < p->html.len && step(p, true)) {
    }
    if (!p->stopped && p->at < p->html.len && !p->cdata.ptr)
        tell_prose(p, between(here(p), html_end(p)));
    p->at = p->html.len;
}
