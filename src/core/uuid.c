#include "core/uuid.h"

#include "core/buf.h"

#include <errno.h>
#include <openssl/evp.h>
#include <string.h>
#include <sys/random.h>

#define NAMESPACE(low)                                                                             \
    {                                                                                              \
        {                                                                                          \
            0x6b, 0xa7, 0xb8, (low), 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4,   \
                0x30, 0xc8                                                                         \
        }                                                                                          \
    }
const nu_uuid nu_namespace_dns = NAMESPACE(0x10);
const nu_uuid nu_namespace_url = NAMESPACE(0x11);
const nu_uuid nu_namespace_oid = NAMESPACE(0x12);
const nu_uuid nu_namespace_x500 = NAMESPACE(0x14);

static nu_uuid with_version(nu_uuid uuid, int version)
{
    uuid.bytes[6] = (uint8_t)((uuid.bytes[6] & 0x0f) | version << 4);
    uuid.bytes[8] = (uint8_t)((uuid.bytes[8] & 0x3f) | 0x80); /* the variant of RFC 9562 */
    return uuid;
}

nu_uuid nu_uuid4(void)
{
    nu_uuid uuid;
    ssize_t n;

    do
        n = getrandom(uuid.bytes, sizeof uuid.bytes, 0);
    while (n < 0 && errno == EINTR);
    if (n != sizeof uuid.bytes)
        nu_raise(NU_OS_ERROR, "getrandom() gives no random bytes: {}", strerror(errno));
    return with_version(uuid, 4);
}

static bool sha1(const nu_uuid *name_space, nu_str name, uint8_t digest[EVP_MAX_MD_SIZE])
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool ok = context && EVP_DigestInit_ex(context, EVP_sha1(), NULL) &&
              EVP_DigestUpdate(context, name_space->bytes, sizeof name_space->bytes) &&
              EVP_DigestUpdate(context, name.ptr, name.len) &&
              EVP_DigestFinal_ex(context, digest, NULL);

    EVP_MD_CTX_free(context);
    return ok;
}

nu_uuid nu_uuid5(nu_uuid name_space, nu_str name)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    nu_uuid uuid;

    if (!sha1(&name_space, name, digest))
        nu_raise(NU_RUNTIME_ERROR, "OpenSSL refuses SHA-1, which version 5 UUIDs are made of");
    memcpy(uuid.bytes, digest, sizeof uuid.bytes);
    return with_version(uuid, 5);
}

/* ---- text --------------------------------------------------------------------------------- */

/* Python takes "urn:" and "uuid:" out wherever they stand, then strips braces, then hyphens. */
static bool skip_word(nu_str text, size_t *at)
{
    if (text.len - *at >= 4 && memcmp(text.ptr + *at, "urn:", 4) == 0)
        *at += 4;
    else if (text.len - *at >= 5 && memcmp(text.ptr + *at, "uuid:", 5) == 0)
        *at += 5;
    else
        return false;
    return true;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool nu_uuid_try_parse(nu_str text, nu_uuid *out)
{
    nu_uuid uuid = { { 0 } };
    size_t digits = 0;

    for (size_t at = 0; at < text.len;) {
        char c = text.ptr[at];
        int value = hex_value(c);

        if (skip_word(text, &at))
            continue;
        at++;
        if (c == '-' || (c == '{' && digits == 0) || (c == '}' && digits == 32))
            continue;
        if (value < 0 || digits == 32)
            return false;
        uuid.bytes[digits / 2] |= (uint8_t)(digits % 2 ? value : value << 4);
        digits++;
    }
    if (digits == 32)
        *out = uuid;
    return digits == 32;
}

nu_uuid nu_uuid_parse(nu_str text)
{
    nu_uuid uuid;

    if (!nu_uuid_try_parse(text, &uuid))
        nu_raise(NU_VALUE_ERROR, "badly formed hexadecimal UUID string \"{}\"", text);
    return uuid;
}

bool nu_uuid_eq(nu_uuid a, nu_uuid b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

void nu__uuid_text(char out[NU__UUID_TEXT], nu_uuid uuid)
{
    static const int groups[] = { 4, 2, 2, 2, 6 };
    const uint8_t *at = uuid.bytes;

    for (int i = 0; i < 5; at += groups[i++]) {
        if (i)
            *out++ = '-';
        out = nu__put_hex(out, at, (size_t)groups[i]);
    }
    *out = 0;
}

void nu__uuid_hex(char out[33], nu_uuid uuid)
{
    *nu__put_hex(out, uuid.bytes, sizeof uuid.bytes) = 0;
}

nu_str nu_uuid_str(nu_uuid uuid)
{
    char text[NU__UUID_TEXT];

    nu__uuid_text(text, uuid);
    return nu_copy((nu_str){ text, NU__UUID_TEXT - 1 });
}
