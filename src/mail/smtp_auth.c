/* Logging in: the ways that the server offers, the safest first. */
#include "core/text.h"
#include "mail/smtp.h"
#include "utils/base64.h"
#include "utils/crypto.h"

#include <string.h>

enum { ACCEPTED = 235, GO_ON = 334, ALREADY = 503 };

static nu_str base64(nu_str text)
{
    return nu__base64_encode((nu_bytes){ (const uint8_t *)text.ptr, text.len }, NU__BASE64);
}

/* The challenge is answered by its HMAC under the password, which does not travel. */
static nu__smtp_reply cram_md5(nu__smtp *smtp, nu_str user, nu_str password)
{
    nu__smtp_reply reply = nu__smtp_command(smtp, S("AUTH CRAM-MD5"));
    nu_bytes challenge;
    nu_str digest;

    if (reply.code != GO_ON || !nu__base64_decode(reply.text, NU__BASE64, &challenge))
        return reply;
    digest =
        nu__hex(nu__hmac("md5", password, (nu_str){ (const char *)challenge.ptr, challenge.len }));
    return nu__smtp_command(smtp, base64(nu_fmt("{} {}", user, digest)));
}

static nu__smtp_reply plain(nu__smtp *smtp, nu_str user, nu_str password)
{
    nu__buf text = { 0 };

    nu__buf_char(&text, '\0');
    nu__buf_str_add(&text, user);
    nu__buf_char(&text, '\0');
    nu__buf_str_add(&text, password);
    return nu__smtp_command(smtp, nu_fmt("AUTH PLAIN {}", base64(nu__buf_str(&text))));
}

static nu__smtp_reply login(nu__smtp *smtp, nu_str user, nu_str password)
{
    nu__smtp_reply reply = nu__smtp_command(smtp, nu_fmt("AUTH LOGIN {}", base64(user)));

    return reply.code == GO_ON ? nu__smtp_command(smtp, base64(password)) : reply;
}

static const struct {
    const char *name;
    nu__smtp_reply (*run)(nu__smtp *smtp, nu_str user, nu_str password);
} ways[] = { { "CRAM-MD5", cram_md5 }, { "PLAIN", plain }, { "LOGIN", login } };

static bool has_word(nu_str words, const char *word)
{
    nu_list *split = nu_split(words);

    for (size_t i = 0; i < nu_list_len(split); i++)
        if (nu_eq(nu_at(split, i).s, word))
            return true;
    return false;
}

void nu__smtp_login(nu__smtp *smtp, nu_str user, nu_str password)
{
    nu__smtp_reply last = { 0 };
    nu_str offered;

    if (!nu__smtp_offers(smtp, "AUTH", &offered))
        nu_raise(NU_SMTP_NOT_SUPPORTED_ERROR,
                 "{}: SMTP AUTH extension not supported by server. Some servers offer it after "
                 "STARTTLS only: set EMAIL_USE_TLS.",
                 smtp->address);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        if (!has_word(offered, ways[i].name))
            continue;
        last = ways[i].run(smtp, user, password);
        if (last.code == ACCEPTED || last.code == ALREADY)
            return;
    }
    if (!last.code)
        nu_raise(NU_SMTP_NOT_SUPPORTED_ERROR,
                 "{}: No suitable authentication method found among {}.", smtp->address, offered);
    nu_raise(NU_SMTP_AUTHENTICATION_ERROR, "{}: ({}, {!r})", smtp->address, (int64_t)last.code,
             last.text);
}
