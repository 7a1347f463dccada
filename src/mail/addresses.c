/* Two readers, as in Python: a lenient one for headers (email.utils.getaddresses), where a person
 * may have typed the list, and a strict one for the envelope, which a server must understand. */
#include "mail/addresses.h"

#include "core/buf.h"
#include "core/text.h"
#include "mail/header.h"
#include "utils/punycode.h"

#include <nuages/errors.h>
#include <string.h>

#define SPECIALS "()<>@,:;.\\\"[]"

enum { MAX_DEPTH = 64 /* of comments within comments */ };

typedef struct reader {
    nu_str text;
    size_t at;
    nu_list *comments;
    int depth;
} reader;

static bool ended(const reader *r)
{
    return r->at >= r->text.len;
}

/* The byte at hand; 0 at the end. */
static char here(const reader *r)
{
    return ended(r) ? 0 : r->text.ptr[r->at];
}

static bool one_of(char c, const char *set)
{
    return c && strchr(set, c);
}

/* ---- what both are made of ------------------------------------------------------------------- */

static nu_str comment_of(reader *r);

/* What stands between the byte at hand and one of `to`, which is passed over; backslashes are taken
   off. */
static nu_str delimited(reader *r, const char *to, bool comments)
{
    nu__buf out = { 0 };

    for (r->at++; !ended(r);) {
        char c = here(r);

        if (one_of(c, to)) {
            r->at++;
            break;
        }
        if (comments && c == '(') {
            nu__buf_str_add(&out, comment_of(r));
            continue;
        }
        if (c == '\\' && ++r->at >= r->text.len)
            break;
        nu__buf_char(&out, here(r));
        r->at++;
    }
    return nu__buf_str(&out);
}

static nu_str comment_of(reader *r)
{
    nu_str text;

    if (++r->depth > MAX_DEPTH)
        nu_raise(NU_VALUE_ERROR, "Invalid address: comments in it are nested over {} deep.",
                 (int64_t)MAX_DEPTH);
    text = delimited(r, ")\r", true);
    r->depth--;
    return text;
}

static nu_str quoted(reader *r)
{
    return delimited(r, "\"\r", false);
}

static nu_str atom_until(reader *r, const char *ends)
{
    size_t from = r->at;

    while (!ended(r) && !one_of(here(r), ends))
        r->at++;
    return nu__sub(r->text, from, r->at);
}

/* Past white space and comments, which are kept; the white space. */
static nu_str skip_blank(reader *r)
{
    nu__buf blank = { 0 };

    while (one_of(here(r), " \t\r\n(")) {
        if (here(r) == '(') {
            nu_list_append(r->comments, comment_of(r));
            continue;
        }
        if (one_of(here(r), " \t"))
            nu__buf_char(&blank, here(r));
        r->at++;
    }
    return nu__buf_str(&blank);
}

static nu_str domain_of(reader *r)
{
    nu__buf out = { 0 };

    while (!ended(r)) {
        char c = here(r);

        if (c == '@')
            return S(""); /* a@evil.example@good.example */
        if (one_of(c, " \t")) {
            r->at++;
        } else if (c == '(') {
            nu_list_append(r->comments, comment_of(r));
        } else if (c == '[') {
            nu__buf_fmt(&out, "[{}]", delimited(r, "]\r", false));
        } else if (c == '.') {
            nu__buf_char(&out, c);
            r->at++;
        } else if (one_of(c, SPECIALS " \t\r\n")) {
            break;
        } else {
            nu__buf_str_add(&out, atom_until(r, SPECIALS " \t\r\n"));
        }
    }
    return nu__buf_str(&out);
}

static nu_str requoted(nu_str text)
{
    return nu_fmt("\"{}\"", nu__replace(nu__replace(text, S("\\"), S("\\\\")), S("\""), S("\\\"")));
}

/* ---- of headers ------------------------------------------------------------------------------ */

/* White space before a point or an end does not count. */
static void drop_blank(nu__buf *out, size_t blank)
{
    out->len -= blank;
}

static nu_str address_spec(reader *r)
{
    nu__buf out = { 0 };
    size_t blank = 0;
    nu_str domain;

    skip_blank(r);
    while (!ended(r)) {
        char c = here(r);
        nu_str space;

        if (c == '.') {
            drop_blank(&out, blank);
            nu__buf_char(&out, '.');
            r->at++;
        } else if (c == '"') {
            nu__buf_str_add(&out, requoted(quoted(r)));
        } else if (one_of(c, SPECIALS " \t\r\n")) {
            drop_blank(&out, blank);
            break;
        } else {
            nu__buf_str_add(&out, atom_until(r, SPECIALS " \t\r\n"));
        }
        space = skip_blank(r);
        blank = c == '.' ? 0 : space.len;
        nu__buf_add(&out, space.ptr, blank);
    }
    if (here(r) != '@')
        return nu__buf_str(&out);
    r->at++;
    skip_blank(r);
    domain = domain_of(r);
    return domain.len ? nu_fmt("{}@{}", nu__buf_str(&out), domain) : S("");
}

/* "<@route,@route:user@host>": the route is passed over. */
static nu_str route_address(reader *r)
{
    nu_str found = S("");
    bool route = false;

    r->at++;
    for (skip_blank(r); !ended(r); skip_blank(r)) {
        char c = here(r);

        if (route) {
            domain_of(r);
            route = false;
        } else if (c == '@' || c == ':') {
            route = c == '@';
            r->at++;
        } else if (c == '>') {
            r->at++;
            break;
        } else {
            found = address_spec(r);
            r->at++;
            break;
        }
    }
    return found;
}

static nu_list *phrase(reader *r)
{
    nu_list *words = nu_list_new();

    while (!ended(r)) {
        char c = here(r);

        if (one_of(c, " \t\r\n"))
            r->at++;
        else if (c == '"')
            nu_list_append(words, quoted(r));
        else if (c == '(')
            nu_list_append(r->comments, comment_of(r));
        else if (one_of(c, "()<>@,:;\\\"[]"))
            break;
        else
            nu_list_append(words, atom_until(r, "()<>@,:;\\\"[] \t\r\n"));
    }
    return words;
}

static nu_str spaced(nu_list *texts)
{
    return nu_join(S(" "), texts);
}

static void add(nu_list *found, nu_str name, nu_str address)
{
    nu_list_append(found, NU_LIST(name, address));
}

static void read_address(reader *r, nu_list *found);

static void read_group(reader *r, nu_list *found)
{
    r->at++;
    if (++r->depth > MAX_DEPTH)
        nu_raise(NU_VALUE_ERROR, "Invalid address: groups in it are nested over {} deep.",
                 (int64_t)MAX_DEPTH);
    while (!ended(r)) {
        skip_blank(r);
        if (here(r) == ';') {
            r->at++;
            break;
        }
        read_address(r, found);
    }
    r->depth--;
}

static void read_named(reader *r, nu_list *found, nu_list *words)
{
    nu_str address = route_address(r), name = spaced(words);

    if (nu_list_len(r->comments))
        name = nu_fmt("{} ({})", name, spaced(r->comments));
    add(found, name, address);
}

static void read_address(reader *r, nu_list *found)
{
    size_t from;
    nu_list *words;

    r->comments = nu_list_new();
    skip_blank(r);
    from = r->at;
    words = phrase(r);
    skip_blank(r);
    if (!ended(r) && one_of(here(r), ".@")) {
        nu_str address;

        r->at = from;
        address = address_spec(r);
        add(found, spaced(r->comments), address);
    } else if (here(r) == ':') {
        read_group(r, found);
    } else if (here(r) == '<') {
        read_named(r, found, words);
    } else if (nu_list_len(words)) {
        add(found, spaced(r->comments), nu_at(words, 0).s);
    } else if (!ended(r)) {
        r->at++; /* a special that begins nothing */
    }
    skip_blank(r);
    if (here(r) == ',')
        r->at++;
}

/* ---- in ASCII -------------------------------------------------------------------------------- */

/* The local part is quoted where it is no run of atoms and points. */
static nu_str address_text(nu_str local, nu_str domain)
{
    for (size_t i = 0; i < local.len; i++)
        if (one_of(local.ptr[i], "()<>@,:;\\\"[] \t")) {
            local = requoted(local);
            break;
        }
    if (!domain.len)
        return local.len ? local : S("<>");
    return nu_fmt("{}@{}", local, domain);
}

/* Lines in either would begin a header of the sender's own making. */
static nu_str in_ascii(nu_str local, nu_str domain)
{
    if (memchr(local.ptr, '\n', local.len) || memchr(local.ptr, '\r', local.len) ||
        memchr(domain.ptr, '\n', domain.len) || memchr(domain.ptr, '\r', domain.len))
        nu_raise(NU_VALUE_ERROR, "Invalid address; address parts cannot contain newlines.");
    return address_text(nu__header_encode(local), nu__punycode(domain));
}

static nu_str with_name(nu_str name, nu_str address)
{
    nu__buf out = { 0 };
    bool quote = false;

    if (!name.len)
        return address;
    name = nu__header_encode(name);
    for (size_t i = 0; i < name.len; i++) {
        quote |= one_of(name.ptr[i], SPECIALS);
        if (one_of(name.ptr[i], "\"\\"))
            nu__buf_char(&out, '\\');
        nu__buf_char(&out, name.ptr[i]);
    }
    name = nu__buf_str(&out);
    return quote ? nu_fmt("\"{}\" <{}>", name, address) : nu_fmt("{} <{}>", name, address);
}

static nu_str encoded(nu_str name, nu_str address)
{
    const char *at = address.len ? memrchr(address.ptr, '@', address.len) : NULL;
    size_t local = at ? (size_t)(at - address.ptr) : 0;

    if (!at)
        nu_raise(NU_VALUE_ERROR, "Invalid address \"{}\"", address);
    return with_name(
        name, in_ascii(nu__sub(address, 0, local), nu__sub(address, local + 1, address.len)));
}

nu_str nu__addresses_encode(nu_str value)
{
    reader r = { .text = value };
    nu_list *found = nu_list_new(), *texts = nu_list_new();

    while (!ended(&r)) {
        size_t before = nu_list_len(found);

        read_address(&r, found);
        if (nu_list_len(found) == before)
            add(found, S(""), S(""));
    }
    for (size_t i = 0; i < nu_list_len(found); i++) {
        nu_list *pair = nu_at(found, i).list;

        nu_list_append(texts, encoded(nu_at(pair, 0).s, nu_at(pair, 1).s));
    }
    return nu_join(S(", "), texts);
}

/* ---- of the envelope ------------------------------------------------------------------------- */

/* Atoms and points, or a quoted text. */
static void local_part(reader *r, nu_str *out)
{
    skip_blank(r);
    if (here(r) == '"')
        *out = quoted(r);
    else
        *out = atom_until(r, "()<>@,:;\\\"[] \t\r\n");
    skip_blank(r);
}

static bool strict_spec(reader *r, nu_str *local, nu_str *domain)
{
    *domain = S("");
    local_part(r, local);
    if (!local->len)
        return false;
    if (local->ptr[0] == '.' || local->ptr[local->len - 1] == '.')
        return false;
    if (here(r) != '@')
        return true;
    r->at++;
    skip_blank(r);
    *domain = domain_of(r);
    return domain->len && here(r) != '@';
}

static bool strict_mailbox(reader *r, nu_str *local, nu_str *domain)
{
    size_t from = r->at;
    bool good;

    skip_blank(r);
    if (here(r) != '<')
        phrase(r);
    if (here(r) != '<') {
        r->at = from;
        return strict_spec(r, local, domain);
    }
    r->at++;
    good = strict_spec(r, local, domain);
    if (here(r) != '>')
        return false;
    r->at++;
    skip_blank(r);
    return good;
}

nu_str nu__address_bare(nu_str mailbox)
{
    reader r = { .text = mailbox, .comments = nu_list_new() };
    nu_str local, domain;

    if (memchr(mailbox.len ? mailbox.ptr : "", '\n', mailbox.len) ||
        memchr(mailbox.len ? mailbox.ptr : "", '\r', mailbox.len))
        nu_raise(NU_VALUE_ERROR, "Invalid address; address parts cannot contain newlines.");
    if (!strict_mailbox(&r, &local, &domain))
        nu_raise(NU_VALUE_ERROR, "Invalid address \"{}\"", mailbox);
    if (!ended(&r))
        nu_raise(NU_VALUE_ERROR, "Invalid address; only {} could be parsed from \"{}\"",
                 nu__sub(mailbox, 0, r.at), mailbox);
    return in_ascii(local, domain);
}
