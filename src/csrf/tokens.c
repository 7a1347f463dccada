#include "csrf/csrf.h"
#include "utils/crypto.h"

/* The order counts: a mask moves each character along it. */
static const char alphabet[] = NU__RANDOM_CHARS;
enum { N_CHARS = sizeof(alphabet) - 1 };

/* The place of a character; -1 for one that has none. */
static int place(char c)
{
    if (c >= 'a' && c <= 'z')
        return c - 'a';
    if (c >= 'A' && c <= 'Z')
        return c - 'A' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return -1;
}

void nu__csrf_mask(nu_str secret, nu_str mask, char token[static NU__CSRF_TOKEN])
{
    for (size_t i = 0; i < NU__CSRF_SECRET; i++) {
        token[i] = mask.ptr[i];
        token[i + NU__CSRF_SECRET] =
            alphabet[(place(secret.ptr[i]) + place(mask.ptr[i])) % N_CHARS];
    }
}

void nu__csrf_unmask(nu_str token, char secret[static NU__CSRF_SECRET])
{
    for (size_t i = 0; i < NU__CSRF_SECRET; i++) {
        int cipher = place(token.ptr[i + NU__CSRF_SECRET]), mask = place(token.ptr[i]);

        secret[i] = alphabet[(cipher - mask + N_CHARS) % N_CHARS];
    }
}

static size_t characters(nu_str text)
{
    size_t n = 0;

    for (size_t i = 0; i < text.len; i++)
        n += ((unsigned char)text.ptr[i] & 0xC0) != 0x80;
    return n;
}

const char *nu__csrf_format_wrong(nu_str token)
{
    size_t n = characters(token);

    if (n != NU__CSRF_TOKEN && n != NU__CSRF_SECRET)
        return "has incorrect length";
    for (size_t i = 0; i < token.len; i++)
        if (place(token.ptr[i]) < 0)
            return "has invalid characters";
    return NULL;
}

bool nu__csrf_match(nu_str token, nu_str secret)
{
    char bare[NU__CSRF_SECRET];

    if (token.len == NU__CSRF_TOKEN) {
        nu__csrf_unmask(token, bare);
        token = (nu_str){ bare, sizeof(bare) };
    }
    return nu__constant_time_equal(token, secret);
}
