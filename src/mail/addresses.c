/* Addresses of headers, where a person may have typed the list: as lenient as Python's
 * email.utils.getaddresses(). */
#include "mail/addresses.h"

#include "core/buf.h"
#include "core/text.h"
#include "mail/address_words.h"
#include "mail/header.h"
#include "utils/punycode.h"

#include <nuages/errors.h>
#include <string.h>

/* ---- of headers ------------------------------------------------------------------------------ */

/* White space before a point or an end does not count. */
static void drop_blank(nu__buf *out, size_t blank)
{
    out->len -= blank;
}

static nu_str address_spec(nu__mail_reader *r)
{
    nu__buf out = { 0 };
    size_t blank = 0;
    nu_str domain;

    nu__mail_skip_blank(r);
    while (!nu__mail_ended(r)) {
        char c = nu__mail_here(r);
        nu_str space;

        if (c == '.') {
            drop_blank(&out, blank);
            nu__buf_char(&out, '.');
            r->at++;
        } else if (c == '"') {
            nu__buf_str_add(&out, nu__mail_requoted(nu__mail_quoted(r)));
        } else if (nu__mail_one_of(c, NU__MAIL_SPECIALS " \t\r\n")) {
            drop_blank(&out, blank);
            break;
        } else {
            nu__buf_str_add(&out, nu__mail_atom(r, NU__MAIL_SPECIALS " \t\r\n"));
        }
        space = nu__mail_skip_blank(r);
        blank = c == '.' ? 0 : space.len;
        nu__buf_add(&out, space.ptr, blank);
    }
    if (nu__mail_here(r) != '@')
        return nu__buf_str(&out);
    r->at++;
    nu__mail_skip_blank(r);
    domain = nu__mail_domain(r);
    return domain.len ? nu_fmt("{}@{}", nu__buf_str(&out), domain) : S("");
}

/* "<@route,@route:user@host>": the route is passed over. */
static nu_str route_address(nu__mail_reader *r)
{
    nu_str found = S("");
    bool route = false;

    r->at++;
    for (nu__mail_skip_blank(r); !nu__mail_ended(r); nu__mail_skip_blank(r)) {
        char c = nu__mail_here(r);

        if (route) {
            nu__mail_domain(r);
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

static nu_str spaced(nu_list *texts)
{
    return nu_join(S(" "), texts);
}

static void add(nu_list *found, nu_str name, nu_str address)
{
    nu_list_append(found, NU_LIST(name, address));
}

static void read_address(nu__mail_reader *r, nu_list *found);

static void read_group(nu__mail_reader *r, nu_list *found)
{
    r->at++;
    if (++r->depth > NU__MAIL_MAX_DEPTH)
        nu_raise(NU_VALUE_ERROR, "Invalid address: groups in it are nested over {} deep.",
                 (int64_t)NU__MAIL_MAX_DEPTH);
    while (!nu__mail_ended(r)) {
        nu__mail_skip_blank(r);
        if (nu__mail_here(r) == ';') {
            r->at++;
            break;
        }
        read_address(r, found);
    }
    r->depth--;
}

static void read_named(nu__mail_reader *r, nu_list *found, nu_list *words)
{
    nu_str address = route_address(r), name = spaced(words);

    if (nu_list_len(r->comments))
        name = nu_fmt("{} ({})", name, spaced(r->comments));
    add(found, name, address);
}

static void read_address(nu__mail_reader *r, nu_list *found)
{
    size_t from;
    nu_list *words;

    r->comments = nu_list_new();
    nu__mail_skip_blank(r);
    from = r->at;
    words = nu__mail_phrase(r);
    nu__mail_skip_blank(r);
    if (!nu__mail_ended(r) && nu__mail_one_of(nu__mail_here(r), ".@")) {
        nu_str address;

        r->at = from;
        address = address_spec(r);
        add(found, spaced(r->comments), address);
    } else if (nu__mail_here(r) == ':') {
        read_group(r, found);
    } else if (nu__mail_here(r) == '<') {
        read_named(r, found, words);
    } else if (nu_list_len(words)) {
        add(found, spaced(r->comments), nu_at(words, 0).s);
    } else if (!nu__mail_ended(r)) {
        r->at++; /* a special that begins nothing */
    }
    nu__mail_skip_blank(r);
    if (nu__mail_here(r) == ',')
        r->at++;
}

/* ---- in ASCII -------------------------------------------------------------------------------- */

/* The local part is quoted where it is no run of atoms and points. */
static nu_str address_text(nu_str local, nu_str domain)
{
    for (size_t i = 0; i < local.len; i++)
        if (nu__mail_one_of(local.ptr[i], "()<>@,:;\\\"[] \t")) {
            local = nu__mail_requoted(local);
            break;
        }
    if (!domain.len)
        return local.len ? local : S("<>");
    return nu_fmt("{}@{}", local, domain);
}

/* Lines in either would begin a header of the sender's own making. */
nu_str nu__address_in_ascii(nu_str local, nu_str domain)
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
        quote |= nu__mail_one_of(name.ptr[i], NU__MAIL_SPECIALS);
        if (nu__mail_one_of(name.ptr[i], "\"\\"))
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
    return with_name(name, nu__address_in_ascii(nu__sub(address, 0, local),
                                                nu__sub(address, local + 1, address.len)));
}

nu_str nu__addresses_encode(nu_str value)
{
    nu__mail_reader r = { .text = value };
    nu_list *found = nu_list_new(), *texts = nu_list_new();

    while (!nu__mail_ended(&r)) {
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
