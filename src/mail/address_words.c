#include "mail/address_words.h"

#include "core/buf.h"
#include "core/text.h"

#include <nuages/errors.h>
#include <string.h>

bool nu__mail_ended(const nu__mail_reader *r)
{
    return r->at >= r->text.len;
}

char nu__mail_here(const nu__mail_reader *r)
{
    return nu__mail_ended(r) ? 0 : r->text.ptr[r->at];
}

bool nu__mail_one_of(char c, const char *set)
{
    return c && strchr(set, c);
}

/* ---- what both are made of ------------------------------------------------------------------- */

/* What stands between the byte at hand and one of `to`, which is passed over; backslashes are taken
   off. */
static nu_str delimited(nu__mail_reader *r, const char *to, bool comments)
{
    nu__buf out = { 0 };

    for (r->at++; !nu__mail_ended(r);) {
        char c = nu__mail_here(r);

        if (nu__mail_one_of(c, to)) {
            r->at++;
            break;
        }
        if (comments && c == '(') {
            nu__buf_str_add(&out, nu__mail_comment(r));
            continue;
        }
        if (c == '\\' && ++r->at >= r->text.len)
            break;
        nu__buf_char(&out, nu__mail_here(r));
        r->at++;
    }
    return nu__buf_str(&out);
}

nu_str nu__mail_comment(nu__mail_reader *r)
{
    nu_str text;

    if (++r->depth > NU__MAIL_MAX_DEPTH)
        nu_raise(NU_VALUE_ERROR, "Invalid address: comments in it are nested over {} deep.",
                 (int64_t)NU__MAIL_MAX_DEPTH);
    text = delimited(r, ")\r", true);
    r->depth--;
    return text;
}

nu_str nu__mail_quoted(nu__mail_reader *r)
{
    return delimited(r, "\"\r", false);
}

nu_str nu__mail_atom(nu__mail_reader *r, const char *ends)
{
    size_t from = r->at;

    while (!nu__mail_ended(r) && !nu__mail_one_of(nu__mail_here(r), ends))
        r->at++;
    return nu__sub(r->text, from, r->at);
}

nu_str nu__mail_skip_blank(nu__mail_reader *r)
{
    nu__buf blank = { 0 };

    while (nu__mail_one_of(nu__mail_here(r), " \t\r\n(")) {
        if (nu__mail_here(r) == '(') {
            nu_list_append(r->comments, nu__mail_comment(r));
            continue;
        }
        if (nu__mail_one_of(nu__mail_here(r), " \t"))
            nu__buf_char(&blank, nu__mail_here(r));
        r->at++;
    }
    return nu__buf_str(&blank);
}

nu_str nu__mail_domain(nu__mail_reader *r)
{
    nu__buf out = { 0 };

    while (!nu__mail_ended(r)) {
        char c = nu__mail_here(r);

        if (c == '@')
            return S(""); /* a@evil.example@good.example */
        if (nu__mail_one_of(c, " \t")) {
            r->at++;
        } else if (c == '(') {
            nu_list_append(r->comments, nu__mail_comment(r));
        } else if (c == '[') {
            nu__buf_fmt(&out, "[{}]", delimited(r, "]\r", false));
        } else if (c == '.') {
            nu__buf_char(&out, c);
            r->at++;
        } else if (nu__mail_one_of(c, NU__MAIL_SPECIALS " \t\r\n")) {
            break;
        } else {
            nu__buf_str_add(&out, nu__mail_atom(r, NU__MAIL_SPECIALS " \t\r\n"));
        }
    }
    return nu__buf_str(&out);
}

nu_str nu__mail_requoted(nu_str text)
{
    return nu_fmt("\"{}\"", nu__replace(nu__replace(text, S("\\"), S("\\\\")), S("\""), S("\\\"")));
}

nu_list *nu__mail_phrase(nu__mail_reader *r)
{
    nu_list *words = nu_list_new();

    while (!nu__mail_ended(r)) {
        char c = nu__mail_here(r);

        if (nu__mail_one_of(c, " \t\r\n"))
            r->at++;
        else if (c == '"')
            nu_list_append(words, nu__mail_quoted(r));
        else if (c == '(')
            nu_list_append(r->comments, nu__mail_comment(r));
        else if (nu__mail_one_of(c, "()<>@,:;\\\"[]"))
            break;
        else
            nu_list_append(words, nu__mail_atom(r, "()<>@,:;\\\"[] \t\r\n"));
    }
    return words;
}
