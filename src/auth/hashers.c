/* Password hashes, byte for byte Django's. */
#include "loop/pool.h"
#include "utils/base64.h"
#include "utils/crypto.h"

#include <nuages/auth.h>

#include <limits.h>
#include <openssl/evp.h>
#include <string.h>

/* Django 5.2: PBKDF2PasswordHasher.iterations, BasePasswordHasher.salt_entropy. */
enum { ITERATIONS = 1000000, DIGEST_BYTES = 32, SALT_CHARS = 22, UNUSABLE_CHARS = 40 };

typedef struct derivation {
    nu_str password, salt;
    uint8_t digest[DIGEST_BYTES];
    bool done;
} derivation;

static void derive(void *arg)
{
    derivation *d = arg;

    d->done =
        PKCS5_PBKDF2_HMAC(d->password.ptr, (int)d->password.len, (const uint8_t *)d->salt.ptr,
                          (int)d->salt.len, ITERATIONS, EVP_sha256(), DIGEST_BYTES, d->digest) == 1;
}

nu_str nu_make_password(nu_str password, nu_str salt)
{
    derivation d = { .password = password };
    nu_str digest;

    if (!password.ptr)
        return nu_fmt("!{}", nu__get_random_string(UNUSABLE_CHARS, NULL));
    if (salt.ptr && (!salt.len || memchr(salt.ptr, '$', salt.len)))
        nu_raise(NU_VALUE_ERROR, "salt must be provided and cannot contain $.");
    if (password.len > INT_MAX || salt.len > INT_MAX)
        nu_raise(NU_VALUE_ERROR, "the password is longer than any hash function takes");
    d.salt = salt.ptr ? salt : nu__get_random_string(SALT_CHARS, NULL);
    nu__pool_run(derive, &d);
    if (!d.done)
        nu_raise(NU_RUNTIME_ERROR, "OpenSSL could not derive a key from the password");
    digest = nu__base64_encode((nu_bytes){ d.digest, DIGEST_BYTES }, NU__BASE64);
    return nu_fmt("pbkdf2_sha256${}${}${}", (int64_t)ITERATIONS, d.salt, digest);
}
