/* A message: what it is made of before it is written. */
#include "mail/mail.h"

#include "core/text.h"
#include "files/content_types.h"

#include <string.h>

/* ---- parts of it ----------------------------------------------------------------------------- */

static void *grown(const void *items, size_t n, size_t size)
{
    char *more = nu_alloc_(n + 1, size);

    if (n)
        memcpy(more, items, n * size);
    return more;
}

static void add_attachment(nu_email *email, nu_attachment attachment)
{
    email->attachments = grown(email->attachments, email->n_attachments, sizeof attachment);
    email->attachments[email->n_attachments++] = attachment;
}

static nu_str checked_type(nu_str type)
{
    bool slash = false;

    for (size_t i = 0; i < type.len; i++) {
        char c = type.ptr[i];

        if (c == '/' && i && i + 1 < type.len)
            slash = true;
        if (c <= ' ' || c == 0x7f)
            slash = false, i = type.len;
    }
    if (!slash)
        nu_raise(NU_VALUE_ERROR, "{!r} is no type of a file: write one such as \"image/png\".",
                 type);
    return type;
}

void nu_email_attach(nu_email *email, const char *filename, nu_str content, const char *mimetype)
{
    nu_str type = nu_s(mimetype);

    if (!type.len && filename)
        type = nu__content_type_of(nu_s(filename)).type;
    if (!type.len)
        type = S("application/octet-stream");
    checked_type(type);
    if (nu_starts_with(type, S("text/")) && !nu__utf8_valid(content))
        type = S("application/octet-stream");
    add_attachment(
        email, (nu_attachment){ .filename = nu_s(filename), .content = content, .mimetype = type });
}

void nu_email_attach_message(nu_email *email, const nu_email *message)
{
    add_attachment(email, (nu_attachment){ .message = message, .mimetype = S("message/rfc822") });
}

void nu_email_attach_alternative(nu_email *email, nu_str content, const char *mimetype)
{
    nu_alternative alternative = { content, checked_type(nu_s(mimetype)) };

    email->alternatives = grown(email->alternatives, email->n_alternatives, sizeof alternative);
    email->alternatives[email->n_alternatives++] = alternative;
}

nu_list *nu_email_recipients(const nu_email *email)
{
    const nu_list *lists[] = { email->to, email->cc, email->bcc };
    nu_list *all = nu_list_new();

    for (size_t k = 0; k < 3; k++)
        for (size_t i = 0; i < nu_list_len(lists[k]); i++)
            if (nu_at(lists[k], i).s.len)
                nu_list_append(all, nu_at(lists[k], i));
    return all;
}

bool nu_email_body_contains(const nu_email *email, nu_str text)
{
    bool holds = nu__find(email->body, text) >= 0;

    for (size_t i = 0; i < email->n_alternatives; i++)
        if (nu_starts_with(email->alternatives[i].mimetype, S("text/")))
            holds &= nu__find(email->alternatives[i].content, text) >= 0;
    return holds;
}
