#include "utils/crypto.h"

#include "core/buf.h"

#include <errno.h>
#include <nuages/errors.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>
#include <sys/random.h>

_Static_assert(EVP_MAX_MD_SIZE <= NU__DIGEST_MAX, "a digest fits");

bool nu__constant_time_equal(nu_str a, nu_str b)
{
    return a.len == b.len && (a.len == 0 || CRYPTO_memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* ---- hashes ------------------------------------------------------------------------------- */

/* Where hashlib and OpenSSL disagree. */
static const struct {
    const char *hashlib, *openssl;
} other_names[] = {
    { "sha3_224", "SHA3-224" }, { "sha3_256", "SHA3-256" },  { "sha3_384", "SHA3-384" },
    { "sha3_512", "SHA3-512" }, { "blake2b", "BLAKE2b512" }, { "blake2s", "BLAKE2s256" },
};

static const EVP_MD *digest_by_name(const char *algorithm)
{
    const char *name = algorithm;
    const EVP_MD *md;

    for (size_t i = 0; i < sizeof other_names / sizeof *other_names; i++)
        if (strcmp(other_names[i].hashlib, algorithm) == 0)
            name = other_names[i].openssl;
    md = EVP_get_digestbyname(name);
    if (!md)
        nu_raise(NU_VALUE_ERROR, "\"{}\" is not a hash algorithm that OpenSSL offers", algorithm);
    return md;
}

static NU_NORETURN void raise_failed(const char *algorithm)
{
    nu_raise(NU_RUNTIME_ERROR, "OpenSSL could not compute {}", algorithm);
}

nu__digest nu__digest_of(const char *algorithm, nu_str text)
{
    const EVP_MD *md = digest_by_name(algorithm);
    nu__digest digest;
    unsigned len;

    if (!EVP_Digest(text.ptr, text.len, digest.bytes, &len, md, NULL))
        raise_failed(algorithm);
    digest.len = len;
    return digest;
}

nu__digest nu__hmac(const char *algorithm, nu_str key, nu_str text)
{
    const EVP_MD *md = digest_by_name(algorithm);
    nu__digest digest;
    unsigned len;

    if (key.len > INT32_MAX)
        nu_raise(NU_VALUE_ERROR, "a key of {} bytes is over 2 GiB", key.len);
    if (!HMAC(md, key.len ? key.ptr : "", (int)key.len, (const unsigned char *)text.ptr, text.len,
              digest.bytes, &len))
        raise_failed(algorithm);
    digest.len = len;
    return digest;
}

nu__digest nu__salted_hmac(nu_str key_salt, nu_str value, nu_str secret, const char *algorithm)
{
    nu__digest key;
    size_t len;
    char *salted;

    if (__builtin_add_overflow(key_salt.len, secret.len, &len))
        raise_failed(algorithm);
    salted = nu_alloc_array(char, len + 1);
    if (key_salt.len)
        memcpy(salted, key_salt.ptr, key_salt.len);
    if (secret.len)
        memcpy(salted + key_salt.len, secret.ptr, secret.len);
    key = nu__digest_of(algorithm, (nu_str){ salted, len });
    OPENSSL_cleanse(salted, len);
    return nu__hmac(algorithm, (nu_str){ (const char *)key.bytes, key.len }, value);
}

nu_str nu__hex(nu__digest digest)
{
    char *text = nu_alloc_array(char, 2 * digest.len + 1);

    nu__put_hex(text, digest.bytes, digest.len);
    return (nu_str){ text, 2 * digest.len };
}

/* ---- random ------------------------------------------------------------------------------- */

void nu__random_bytes(void *out, size_t len)
{
    char *at = out;

    while (len) {
        ssize_t n = getrandom(at, len, 0);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            nu_raise(NU_OS_ERROR, "getrandom() gives no random bytes: {}", strerror(errno));
        at += n;
        len -= (size_t)n;
    }
}

/* Numbers past the last whole multiple of `limit` would favour the small ones. */
static bool is_fair(uint32_t number, uint32_t limit)
{
    return number < UINT32_MAX - UINT32_MAX % limit;
}

uint32_t nu__random_below(uint32_t limit)
{
    uint32_t number;

    do
        nu__random_bytes(&number, sizeof number);
    while (!is_fair(number, limit));
    return number % limit;
}

enum { BATCH = 64 };

nu_str nu__get_random_string(size_t len, const char *allowed)
{
    const char *chars = allowed ? allowed : NU__RANDOM_CHARS;
    uint32_t numbers[BATCH], n_chars = (uint32_t)strlen(chars);
    char *text = nu_alloc_array(char, len + 1);
    size_t done = 0;

    while (done < len) {
        size_t n = len - done < BATCH ? len - done : BATCH;

        nu__random_bytes(numbers, n * sizeof *numbers);
        for (size_t i = 0; i < n; i++)
            if (is_fair(numbers[i], n_chars))
                text[done++] = chars[numbers[i] % n_chars];
    }
    return (nu_str){ text, len };
}
