/* Addresses of the envelope, which a server must understand: strict. */
#include "mail/addresses.h"

#include "core/text.h"
#include "mail/address_words.h"

#include <nuages/errors.h>
#include <string.h>

/* Atoms and points, or a quoted text. */
static void local_part(nu__mail_reader *r, nu_str *out)
{
    nu__mail_skip_blank(r);
    if (nu__mail_here(r) == '"')
        *out = nu__mail_quoted(r);
    else
        *out = nu__mail_atom(r, "()<>@,:;\\\"[] \t\r\n");
    nu__mail_skip_blank(r);
}

static bool strict_spec(nu__mail_reader *r, nu_str *local, nu_str *domain)
{
    *domain = S("");
    local_part(r, local);
    if (!local->len)
        return false;
    if (local->ptr[0] == '.' || local->ptr[local->len - 1] == '.')
        return false;
    if (nu__mail_here(r) != '@')
        return true;
    r->at++;
    nu__mail_skip_blank(r);
    *domain = nu__mail_domain(r);
    return domain->len && nu__mail_here(r) != '@';
}

static bool strict_mailbox(nu__mail_reader *r, nu_str *local, nu_str *domain)
{
    size_t from = r->at;
    bool good;

    nu__mail_skip_blank(r);
    if (nu__mail_here(r) != '<')
        nu__mail_phrase(r);
    if (nu__mail_here(r) != '<') {
        r->at = from;
        return strict_spec(r, local, domain);
    }
    r->at++;
    good = strict_spec(r, local, domain);
    if (nu__mail_here(r) != '>')
        return false;
    r->at++;
    nu__mail_skip_blank(r);
    return good;
}

nu_str nu__address_bare(nu_str mailbox)
{
    nu__mail_reader r = { .text = mailbox, .comments = nu_list_new() };
    nu_str local, domain;

    if (memchr(mailbox.len ? mailbox.ptr : "", '\n', mailbox.len) ||
        memchr(mailbox.len ? mailbox.ptr : "", '\r', mailbox.len))
        nu_raise(NU_VALUE_ERROR, "Invalid address; address parts cannot contain newlines.");
    if (!strict_mailbox(&r, &local, &domain))
        nu_raise(NU_VALUE_ERROR, "Invalid address \"{}\"", mailbox);
    if (!nu__mail_ended(&r))
        nu_raise(NU_VALUE_ERROR, "Invalid address; only {} could be parsed from \"{}\"",
                 nu__sub(mailbox, 0, r.at), mailbox);
    return nu__address_in_ascii(local, domain);
}
