/* The bytes of a message: header by header, part by part, as Django's EmailMessage.message(). */
#include "mail/mail.h"

#include "core/text.h"
#include "mail/header.h"
#include "utils/crypto.h"
#include "utils/url.h"

#include <string.h>

/* ---- writing --------------------------------------------------------------------------------- */

typedef struct writer {
    nu__buf out;
    const char *line_end;
    int depth;
} writer;

enum { MAX_DEPTH = 16 /* of messages within messages */ };

static void put(writer *w, const char *text)
{
    nu__buf_str_add(&w->out, nu_s(text));
}

static void put_header(writer *w, nu_str name, nu_str value)
{
    nu__buf_str_add(&w->out, nu__header_fold(name, nu__header_safe(name, value), w->line_end));
}

/* Whatever ends a line in it ends it by line_end. */
static void put_lines(writer *w, nu_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (c != '\r' && c != '\n') {
            nu__buf_char(&w->out, c);
            continue;
        }
        put(w, w->line_end);
        if (c == '\r' && i + 1 < text.len && text.ptr[i + 1] == '\n')
            i++;
    }
}

static void put_disposition(writer *w, nu_str filename)
{
    nu__buf value = { 0 };

    if (!filename.len)
        return;
    nu__buf_lit(&value, "attachment; filename");
    if (nu__is_ascii(filename)) {
        nu_str quoted = nu__replace(nu__replace(filename, S("\\"), S("\\\\")), S("\""), S("\\\""));

        nu__buf_fmt(&value, "=\"{}\"", quoted);
    } else {
        nu__buf_lit(&value, "*=utf-8''");
        nu__urlquote_to(&value, filename, "");
    }
    put_header(w, S("Content-Disposition"), nu__buf_str(&value));
}

typedef struct text_part {
    nu_str content, mimetype, filename;
} text_part;

static const char *put_text_headers(writer *w, nu_str content, nu_str mimetype)
{
    const char *encoding = nu__text_encoding(content);

    put_header(w, S("Content-Type"), nu_fmt("{}; charset=\"utf-8\"", mimetype));
    put_header(w, S("MIME-Version"), S("1.0"));
    put_header(w, S("Content-Transfer-Encoding"), nu_s(encoding));
    return encoding;
}

static void put_text_body(writer *w, nu_str content, const char *encoding)
{
    nu__buf quoted = { 0 };

    put(w, w->line_end);
    if (strcmp(encoding, "quoted-printable") == 0) {
        nu__quoted_printable_to(&quoted, content);
        content = nu__buf_str(&quoted);
    }
    put_lines(w, content);
}

static void put_text(writer *w, text_part part)
{
    const char *encoding = put_text_headers(w, part.content, part.mimetype);

    put_disposition(w, part.filename);
    put_text_body(w, part.content, encoding);
}

static void put_binary(writer *w, text_part part)
{
    nu__buf base64 = { 0 };

    put_header(w, S("Content-Type"), part.mimetype);
    put_header(w, S("MIME-Version"), S("1.0"));
    put_header(w, S("Content-Transfer-Encoding"), S("base64"));
    put_disposition(w, part.filename);
    put(w, w->line_end);
    nu__base64_lines_to(&base64, part.content);
    put_lines(w, nu__buf_str(&base64));
}

static void put_email(writer *w, const nu_email *email);

static void put_message(writer *w, const nu_email *message)
{
    if (++w->depth > MAX_DEPTH)
        nu_raise(NU_VALUE_ERROR, "Messages are attached to messages over {} deep.",
                 (int64_t)MAX_DEPTH);
    put_header(w, S("Content-Type"), S("message/rfc822"));
    put_header(w, S("MIME-Version"), S("1.0"));
    put(w, w->line_end);
    put_email(w, message);
    w->depth--;
}

static void put_attachment(writer *w, const nu_attachment *attachment)
{
    text_part part = { attachment->content, attachment->mimetype, attachment->filename };

    if (attachment->message)
        put_message(w, attachment->message);
    else if (nu_starts_with(part.mimetype, S("text/")))
        put_text(w, part);
    else
        put_binary(w, part);
}

/* ---- multiparts ------------------------------------------------------------------------------ */

/* One that stands in none of the parts: 64 random bits. */
static nu_str new_boundary(void)
{
    uint64_t number;

    nu__random_bytes(&number, sizeof number);
    return nu_fmt("==============={:019}==", number >> 1);
}

static nu_str put_multipart_headers(writer *w, const char *subtype)
{
    nu_str boundary = new_boundary();

    put_header(w, S("Content-Type"), nu_fmt("multipart/{}; boundary=\"{}\"", subtype, boundary));
    put_header(w, S("MIME-Version"), S("1.0"));
    return boundary;
}

static void put_boundary(writer *w, nu_str boundary, bool first)
{
    nu__buf_fmt(&w->out, "{}--{}{}", first ? "" : w->line_end, boundary, w->line_end);
}

static void put_boundary_end(writer *w, nu_str boundary)
{
    nu__buf_fmt(&w->out, "{}--{}--{}", w->line_end, boundary, w->line_end);
}

static text_part body_of(const nu_email *email)
{
    return (text_part){ email->body, nu_fmt("text/{}", email->content_subtype), { 0 } };
}

/* The parts of the alternatives, the body first. */
static void put_alternatives(writer *w, const nu_email *email, nu_str boundary)
{
    bool first = true;

    put(w, w->line_end);
    if (email->body.len) {
        put_boundary(w, boundary, true);
        put_text(w, body_of(email));
        first = false;
    }
    for (size_t i = 0; i < email->n_alternatives; i++) {
        const nu_alternative *each = &email->alternatives[i];

        put_boundary(w, boundary, first);
        put_attachment(
            w, &(const nu_attachment){ .content = each->content, .mimetype = each->mimetype });
        first = false;
    }
    put_boundary_end(w, boundary);
}

static void put_attachments(writer *w, const nu_email *email, nu_str boundary)
{
    bool first = true;

    put(w, w->line_end);
    if (email->body.len || email->n_alternatives) {
        put_boundary(w, boundary, true);
        first = false;
        if (email->n_alternatives)
            put_alternatives(w, email, put_multipart_headers(w, "alternative"));
        else
            put_text(w, body_of(email));
    }
    for (size_t i = 0; i < email->n_attachments; i++) {
        put_boundary(w, boundary, first);
        put_attachment(w, &email->attachments[i]);
        first = false;
    }
    put_boundary_end(w, boundary);
}

/* ---- the message ----------------------------------------------------------------------------- */

static bool has_header(const nu_email *email, const char *name)
{
    for (size_t i = 0; i < nu_dict_len(email->headers); i++)
        if (nu__eq_ignore_ascii_case(nu_dict_key(email->headers, i), nu_s(name)))
            return true;
    return false;
}

static void put_list(writer *w, const nu_email *email, const char *name, const nu_list *values)
{
    nu_value given = nu_item(email->headers, name);

    if (given.kind != NU_KIND_NULL)
        put_header(w, nu_s(name), nu_string(given));
    else if (nu_list_len(values))
        put_header(w, nu_s(name), nu_join(S(", "), values));
}

static void put_further(writer *w, const nu_email *email)
{
    static const char *const done[] = { "from", "to", "cc", "reply-to" };

    for (size_t i = 0; i < nu_dict_len(email->headers); i++) {
        nu_str name = nu_dict_key(email->headers, i);
        bool skip = false;

        for (size_t k = 0; k < sizeof done / sizeof *done; k++)
            skip |= nu__eq_ignore_ascii_case(name, nu_s(done[k]));
        if (!skip)
            put_header(w, name, nu_string(nu_dict_value(email->headers, i)));
    }
}

static void put_message_headers(writer *w, const nu_email *email)
{
    nu_value from = nu_item(email->headers, "From");

    put_header(w, S("Subject"), email->subject);
    put_header(w, S("From"), from.kind == NU_KIND_NULL ? email->from_email : nu_string(from));
    put_list(w, email, "To", email->to);
    put_list(w, email, "Cc", email->cc);
    put_list(w, email, "Reply-To", email->reply_to);
    if (!has_header(email, "date"))
        put_header(w, S("Date"), nu__mail_date());
    if (!has_header(email, "message-id"))
        put_header(w, S("Message-ID"), nu__mail_message_id());
    put_further(w, email);
}

static void put_email(writer *w, const nu_email *email)
{
    nu_str boundary;

    if (email->n_attachments || email->n_alternatives) {
        boundary = put_multipart_headers(w, email->n_attachments ? "mixed" : "alternative");
        put_message_headers(w, email);
        (email->n_attachments ? put_attachments : put_alternatives)(w, email, boundary);
        return;
    }
    const char *encoding =
        put_text_headers(w, email->body, nu_fmt("text/{}", email->content_subtype));
    put_message_headers(w, email);
    put_text_body(w, email->body, encoding);
}

nu_str nu__email_bytes(const nu_email *email, const char *line_end)
{
    writer w = { .line_end = line_end };

    put_email(&w, email);
    return nu__buf_str(&w.out);
}

nu_str nu_email_as_text(const nu_email *email)
{
    return nu__email_bytes(email, "\n");
}
