#include "harness.h"

#include "csrf/csrf.h"

/* Django's own: _mask_cipher_secret() with this mask. */
#define SECRET "ShFXNQ6Fq5axtjRNmHkW5vQ7CF5puzQq"
#define MASK   "mOBZZW6m4nyoL6uniiFw152cTe8r0khC"
#define TOKEN  MASK "4V6MCC2RkiyL4fb0uPPiWqI9lJ3GkJXS"

static void a_mask_and_its_secret_make_djangos_token(void)
{
    char token[NU__CSRF_TOKEN], secret[NU__CSRF_SECRET];

    nu__csrf_mask(S(SECRET), S(MASK), token);
    CHECK_STR(((nu_str){ token, sizeof(token) }), TOKEN);
    nu__csrf_unmask(S(TOKEN), secret);
    CHECK_STR(((nu_str){ secret, sizeof(secret) }), SECRET);
}

static void a_token_matches_its_secret_masked_or_bare(void)
{
    CHECK(nu__csrf_match(S(TOKEN), S(SECRET)));
    CHECK(nu__csrf_match(S(SECRET), S(SECRET)));
    CHECK(!nu__csrf_match(S(TOKEN), S(MASK)));
}

static void a_token_of_another_shape_is_told_apart(void)
{
    CHECK(nu__csrf_format_wrong(S(TOKEN)) == NULL);
    CHECK(nu__csrf_format_wrong(S(SECRET)) == NULL);
    CHECK_STR(nu__csrf_format_wrong(S("")), "has incorrect length");
    CHECK_STR(nu__csrf_format_wrong(S(SECRET "a")), "has incorrect length");
    CHECK_STR(nu__csrf_format_wrong(S("ShFXNQ6Fq5axtjRNmHkW5vQ7CF5puzQ-")),
              "has invalid characters");
    CHECK_STR(nu__csrf_format_wrong(S("ShFXNQ6Fq5axtjRNmHkW5vQ7CF5puzQé")),
              "has invalid characters");
}

HARNESS(a_mask_and_its_secret_make_djangos_token, a_token_matches_its_secret_masked_or_bare,
        a_token_of_another_shape_is_told_apart)
