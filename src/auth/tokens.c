#include "auth/tokens.h"

#include "core/time.h"
#include "utils/baseconv.h"
#include "utils/crypto.h"

#include <nuages/strings.h>
#include <string.h>

static const nu_str session_salt = {
    "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash", 65
};
static const nu_str reset_salt = { "django.contrib.auth.tokens.PasswordResetTokenGenerator", 54 };

nu_str nu__session_auth_hash(nu_str secret, nu_str password)
{
    return nu__hex(nu__salted_hmac(session_salt, password, secret, "sha256"));
}

/* ---- tokens to set a new password ------------------------------------------------------------ */

static int64_t seconds_since_2001(nu_datetime now)
{
    int64_t epoch = nu__ordinal_of(2001, 1, 1) * NU__US_DAY;

    return nu__floor_div(now.us - epoch, NU__US_SECOND);
}

/* The last login to the second, as str() of a naive date-time. */
static nu_str login_text(nu_datetime last_login)
{
    nu__moment m;

    if (!last_login.us)
        return S("");
    m = nu__moment_at(last_login, nu_utc);
    return nu_fmt("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", m.year, m.month, m.day, m.hour, m.minute,
                  m.second);
}

/* Every other digit, so that the link is short. */
static nu_str halved(nu_str hex)
{
    char *half = nu_alloc_array(char, hex.len / 2 + 1);

    for (size_t i = 0; i < hex.len / 2; i++)
        half[i] = hex.ptr[2 * i];
    return (nu_str){ half, hex.len / 2 };
}

static nu_str token_at(nu_str secret, const nu__token_user *user, int64_t seconds)
{
    char time[NU__BASECONV_TEXT];
    size_t len = nu__base36_text(time, (uint64_t)seconds);
    nu_str value = nu_fmt("{}{}{}{}{}", user->pk, user->password, login_text(user->last_login),
                          seconds, user->email.ptr ? user->email : S(""));
    nu_str hex = nu__hex(nu__salted_hmac(reset_salt, value, secret, "sha256"));

    return nu_fmt("{}-{}", ((nu_str){ time, len }), halved(hex));
}

nu_str nu__reset_token(nu_str secret, const nu__token_user *user, nu_datetime now)
{
    return token_at(secret, user, seconds_since_2001(now));
}

bool nu__reset_token_valid(const nu_str *secrets, size_t n, const nu__token_user *user,
                           nu_str token, nu_datetime now, int64_t timeout)
{
    const char *dash = token.len ? memchr(token.ptr, '-', token.len) : NULL;
    bool made = false;
    int64_t seconds;

    if (!dash || memchr(dash + 1, '-', (size_t)(token.ptr + token.len - dash) - 1) ||
        !nu__base36_parse((nu_str){ token.ptr, (size_t)(dash - token.ptr) }, &seconds) ||
        seconds < 0)
        return false;
    for (size_t i = 0; i < n && !made; i++)
        made = nu__constant_time_equal(token_at(secrets[i], user, seconds), token);
    return made && seconds_since_2001(now) - seconds <= timeout;
}
