/**
 * @file
 * Keyed hashes, random strings and comparison in constant time, as django.utils.crypto; OpenSSL
 * does the hashing.
 */
#pragma once
#include <nuages/strings.h>

enum { NU__DIGEST_MAX = 64 };

typedef struct nu__digest {
    uint8_t bytes[NU__DIGEST_MAX];
    size_t len;
} nu__digest;

/* Takes the same time wherever the texts differ; texts of other lengths differ at once. */
bool nu__constant_time_equal(nu_str a, nu_str b);

/* Of "sha256", "sha1", "md5"…: hashlib's names. Raise ValueError for a name that OpenSSL has not.
 */
nu__digest nu__digest_of(const char *algorithm, nu_str text);
nu__digest nu__hmac(const char *algorithm, nu_str key, nu_str text);
/* The HMAC of `value` under a key derived from salt and secret. */
nu__digest nu__salted_hmac(nu_str key_salt, nu_str value, nu_str secret, const char *algorithm);
nu_str nu__hex(nu__digest digest);

/* From the kernel's generator. Raises OSError. */
void nu__random_bytes(void *out, size_t len);
/* 0 to limit - 1, each as likely. */
uint32_t nu__random_below(uint32_t limit);
#define NU__RANDOM_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
/* `allowed` is ASCII; NULL: letters and digits. */
nu_str nu__get_random_string(size_t len, const char *allowed);
