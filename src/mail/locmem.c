/* Mail into memory, for tests: copies that outlive the fibers that sent them.
 * Django: django.core.mail.outbox */
#include "mail/mail.h"

#include "core/arena.h"
#include "core/fault.h"
#include "core/list.h"
#include "core/object.h"

#include <stdlib.h>
#include <string.h>

static nu__arena *owner;
static nu_email **outbox;
static size_t n_outbox, cap_outbox;

static void *owned(size_t n, size_t size)
{
    void *made = owner ? nu__arena_try_alloc(owner, n ? n : 1, size) : NULL;

    if (!made)
        nu_raise(NU_MEMORY_ERROR, "out of memory for the mail of a test");
    return made;
}

static nu_str kept(nu_str text)
{
    char *bytes;

    if (!text.ptr)
        return text;
    bytes = owned(text.len + 1, 1);
    memcpy(bytes, text.ptr, text.len);
    bytes[text.len] = 0;
    return (nu_str){ bytes, text.len };
}

static nu_value kept_value(nu_value value)
{
    nu_value copy;

    if (!nu__value_copy(owner, value, &copy))
        nu_raise(NU_MEMORY_ERROR, "out of memory for the mail of a test");
    return copy;
}

static nu_email *kept_email(const nu_email *email)
{
    nu_email *copy = owned(1, sizeof *copy);

    *copy = *email;
    copy->subject = kept(email->subject);
    copy->body = kept(email->body);
    copy->from_email = kept(email->from_email);
    copy->content_subtype = kept(nu_s(email->content_subtype)).ptr;
    copy->to = kept_value(V(email->to)).list;
    copy->cc = kept_value(V(email->cc)).list;
    copy->bcc = kept_value(V(email->bcc)).list;
    copy->reply_to = kept_value(V(email->reply_to)).list;
    copy->headers = kept_value(V(email->headers)).dict;
    copy->attachments = owned(email->n_attachments, sizeof *copy->attachments);
    copy->alternatives = owned(email->n_alternatives, sizeof *copy->alternatives);
    for (size_t i = 0; i < email->n_attachments; i++) {
        const nu_attachment *from = &email->attachments[i];

        copy->attachments[i] =
            (nu_attachment){ kept(from->filename), kept(from->content), kept(from->mimetype),
                             from->message ? kept_email(from->message) : NULL };
    }
    for (size_t i = 0; i < email->n_alternatives; i++)
        copy->alternatives[i] = (nu_alternative){ kept(email->alternatives[i].content),
                                                  kept(email->alternatives[i].mimetype) };
    return copy;
}

static void append(const nu_email *email)
{
    if (!owner)
        owner = nu__arena_new();
    if (n_outbox == cap_outbox) {
        size_t cap = cap_outbox ? cap_outbox * 2 : 16;
        nu_email **more = nu__realloc(outbox, cap * sizeof *more);

        if (!more)
            nu_raise(NU_MEMORY_ERROR, "out of memory for the mail of a test");
        outbox = more;
        cap_outbox = cap;
    }
    outbox[n_outbox] = kept_email(email);
    n_outbox++;
}

static int64_t send_messages(nu_email *const *emails, size_t n, const nu_mail_options *options)
{
    (void)options;
    for (size_t i = 0; i < n; i++) {
        nu_email_as_text(emails[i]); /* what is no message is refused, as it would be when sent */
        append(emails[i]);
    }
    return (int64_t)n;
}

const nu_mail_backend nu__mail_locmem = { "locmem", send_messages };

size_t nu__mail_outbox_len(void)
{
    return n_outbox;
}

const nu_email *nu__mail_outbox_at(size_t i)
{
    return i < n_outbox ? outbox[i] : NULL;
}

void nu__mail_outbox_clear(void)
{
    if (owner)
        nu__arena_free(owner);
    free(outbox);
    owner = NULL;
    outbox = NULL;
    n_outbox = cap_outbox = 0;
}
