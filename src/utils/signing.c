#include "utils/signing.h"

#include "core/json.h"
#include "core/text.h"
#include "core/time.h"
#include "utils/base64.h"
#include "utils/baseconv.h"
#include "utils/percent.h"

#include <zlib.h>

static nu_str secret_key;
static const nu_str *secret_key_fallbacks;
static size_t n_secret_key_fallbacks;

void nu__signing_set_keys(nu_str key, const nu_str *fallbacks, size_t n_fallbacks)
{
    secret_key = key;
    secret_key_fallbacks = fallbacks;
    n_secret_key_fallbacks = n_fallbacks;
}

nu_str nu__secret_key(void)
{
    if (!secret_key.len)
        nu_raise(NU_IMPROPERLY_CONFIGURED, "The SECRET_KEY setting must not be empty.");
    return secret_key;
}

/* ---- signatures --------------------------------------------------------------------------- */

/* Characters that a signature or a base 62 time may hold. */
static bool is_unsafe_separator(nu_str sep)
{
    for (size_t i = 0; i < sep.len; i++) {
        char c = sep.ptr[i];

        if (!(c >= 'A' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '=' &&
            !(c == '\n' && i + 1 == sep.len))
            return false;
    }
    return true;
}

/* The signer with every default in its place. */
static nu__signer resolved(const nu__signer *signer, const char *salt)
{
    nu__signer full = *signer;

    if (!full.key.len)
        full.key = nu__secret_key();
    if (!full.fallback_keys) {
        full.fallback_keys = secret_key_fallbacks;
        full.n_fallback_keys = n_secret_key_fallbacks;
    }
    if (!full.sep.ptr)
        full.sep = S(":");
    if (!full.salt.len)
        full.salt = nu_s(salt);
    if (!full.algorithm)
        full.algorithm = "sha256";
    if (is_unsafe_separator(full.sep))
        nu_raise(NU_VALUE_ERROR,
                 "Unsafe Signer separator: '{}' (cannot be empty or consist of "
                 "only A-z0-9-_=)",
                 full.sep);
    return full;
}

static nu_str signature(const nu__signer *full, nu_str value, nu_str key)
{
    nu__digest digest =
        nu__salted_hmac(nu_fmt("{}signer", full->salt), value, key, full->algorithm);

    return nu__base64_encode((nu_bytes){ digest.bytes, digest.len }, NU__BASE64_URL);
}

static nu_str append_signature(const nu__signer *full, nu_str value)
{
    return nu_fmt("{}{}{}", value, full->sep, signature(full, value, full->key));
}

/* Cut at the last separator. */
static bool split_last(nu_str text, nu_str sep, nu_str *before, nu_str *after)
{
    for (size_t at = text.len + 1; at-- > 0;)
        if (text.len - at >= sep.len && memcmp(text.ptr + at, sep.ptr, sep.len) == 0) {
            *before = nu__sub(text, 0, at);
            *after = nu__sub(text, at + sep.len, text.len);
            return true;
        }
    return false;
}

static nu_str verified(const nu__signer *full, nu_str signed_value)
{
    nu_str value, given;

    if (!split_last(signed_value, full->sep, &value, &given))
        nu_raise(NU_BAD_SIGNATURE, "No \"{}\" found in value", full->sep);
    if (nu__constant_time_equal(given, signature(full, value, full->key)))
        return value;
    for (size_t i = 0; i < full->n_fallback_keys; i++)
        if (nu__constant_time_equal(given, signature(full, value, full->fallback_keys[i])))
            return value;
    nu_raise(NU_BAD_SIGNATURE, "Signature \"{}\" does not match", given);
}

#define SIGNER_SALT    "django.core.signing.Signer"
#define TIMESTAMP_SALT "django.core.signing.TimestampSigner"

nu_str nu__sign(const nu__signer *signer, nu_str value)
{
    nu__signer full = resolved(signer, SIGNER_SALT);

    return append_signature(&full, value);
}

nu_str nu__unsign(const nu__signer *signer, nu_str signed_value)
{
    nu__signer full = resolved(signer, SIGNER_SALT);

    return verified(&full, signed_value);
}

/* ---- with the time ------------------------------------------------------------------------ */

nu_str nu__timestamp_sign(const nu__signer *signer, nu_str value)
{
    nu__signer full = resolved(signer, TIMESTAMP_SALT);
    char time[NU__BASECONV_TEXT];
    int64_t now = nu__floor_div(nu_now().us - NU__UNIX_EPOCH_US, NU__US_SECOND);

    nu__base62_text(time, now);
    return append_signature(&full, nu_fmt("{}{}{}", value, full.sep, time));
}

nu_str nu__timestamp_unsign(const nu__signer *signer, nu_str signed_value, double max_age)
{
    nu__signer full = resolved(signer, TIMESTAMP_SALT);
    nu_str value, time, stamped = verified(&full, signed_value);
    int64_t signed_at;
    double age;

    if (!split_last(stamped, full.sep, &value, &time) || !nu__base62_parse(time, &signed_at))
        nu_raise(NU_VALUE_ERROR, "the signed value \"{}\" holds no time", stamped);
    age = nu_datetime_timestamp(nu_now()) - (double)signed_at;
    if (age > max_age)
        nu_raise(NU_SIGNATURE_EXPIRED, "Signature age {} > {} seconds", age, max_age);
    return value;
}

/* ---- objects ------------------------------------------------------------------------------ */

enum { INFLATED_CAP = 64 << 20 };

/* Empty when compressing does not shorten it by two bytes or more. */
static nu_bytes deflated(nu_str text)
{
    uLongf len = compressBound(text.len);
    uint8_t *bytes = nu_alloc_array(uint8_t, len);

    if (compress(bytes, &len, (const Bytef *)text.ptr, text.len) != Z_OK || len + 1 >= text.len)
        return (nu_bytes){ NULL, 0 };
    return (nu_bytes){ bytes, len };
}

/* Grows with what comes out, so that a small bomb costs little. */
static bool inflate_into(z_stream *stream, nu__buf *buf)
{
    int status = Z_OK;

    while (status == Z_OK && buf->len < INFLATED_CAP) {
        nu__buf_reserve(buf, buf->len + 1024);
        stream->next_out = (Bytef *)buf->data + buf->len;
        stream->avail_out = (uInt)(buf->cap - buf->len - 1);
        status = inflate(stream, Z_NO_FLUSH);
        buf->len = (size_t)((char *)stream->next_out - buf->data);
    }
    return status == Z_STREAM_END;
}

static void end_inflate(void *stream)
{
    inflateEnd(stream);
}

static nu_str inflated(nu_bytes bytes)
{
    z_stream stream = { .next_in = (Bytef *)bytes.ptr, .avail_in = (uInt)bytes.len };
    nu__buf buf = { 0 };

    if (bytes.len > UINT32_MAX || inflateInit(&stream) != Z_OK)
        nu_raise(NU_VALUE_ERROR, "cannot decompress the signed value");
    nu_defer(end_inflate, &stream);
    if (!inflate_into(&stream, &buf))
        nu_raise(NU_VALUE_ERROR, "the signed value is no zlib stream of up to 64 MiB");
    return nu__buf_str(&buf);
}

static nu__signer object_signer(const nu__signer *signer)
{
    nu__signer full = *signer;

    if (!full.salt.len)
        full.salt = S("django.core.signing");
    return full;
}

nu_str nu__signing_dumps(const nu__signer *signer, nu_value value, bool compress)
{
    nu__signer full = object_signer(signer);
    nu__buf json = { 0 }, text = { 0 };
    nu_bytes bytes = { 0 };

    nu__json_value(&json, value, &nu__json_compact);
    if (compress)
        bytes = deflated(nu__buf_str(&json));
    if (bytes.len)
        nu__buf_char(&text, '.');
    else
        bytes = (nu_bytes){ (const uint8_t *)json.data, json.len };
    nu__base64_encode_to(&text, bytes, NU__BASE64_URL);
    return nu__timestamp_sign(&full, nu__buf_str(&text));
}

nu_value nu__signing_loads(const nu__signer *signer, nu_str signed_value, double max_age)
{
    nu__signer full = object_signer(signer);
    nu_str text = nu__timestamp_unsign(&full, signed_value, max_age);
    bool compressed = nu_starts_with(text, S("."));
    nu_bytes bytes;

    if (compressed)
        text = nu__sub(text, 1, text.len);
    if (!nu__base64_decode_unpadded(text, &bytes))
        nu_raise(NU_VALUE_ERROR, "the signed value is not in base64: \"{}\"", text);
    text = compressed ? inflated(bytes) : (nu_str){ (const char *)bytes.ptr, bytes.len };
    return nu_json_read(nu__latin1_to_utf8(text)); /* as Django reads what it signed */
}

/* ---- cookies ------------------------------------------------------------------------------ */

#define COOKIE_KEY "django.http.cookies"

/* Cookies have keys of their own, made from the secret keys. */
static nu__signer cookie_signer(nu_str salt)
{
    nu_str *fallbacks = nu_alloc_array(nu_str, n_secret_key_fallbacks + 1);

    for (size_t i = 0; i < n_secret_key_fallbacks; i++)
        fallbacks[i] = nu_fmt(COOKIE_KEY "{}", secret_key_fallbacks[i]);
    return (nu__signer){ .key = nu_fmt(COOKIE_KEY "{}", nu__secret_key()),
                         .salt = salt,
                         .fallback_keys = fallbacks,
                         .n_fallback_keys = n_secret_key_fallbacks };
}

/* The salt's length comes first, so that ("ab", "c") and ("a", "bc") differ. */
static nu__signer cookie_signer_for(nu_str name, nu_str salt)
{
    return cookie_signer(
        nu_fmt("django.http.cookies.v2:{}:{}{}", (int64_t)nu__utf8_count(salt), salt, name));
}

nu_str nu__signed_cookie(nu_str name, nu_str salt, nu_str value)
{
    nu__signer signer = cookie_signer_for(name, salt);

    return nu__timestamp_sign(&signer, value);
}

nu_str nu__signed_cookie_value(nu_str name, nu_str salt, nu_str cookie, double max_age, bool legacy)
{
    nu__signer signer = cookie_signer_for(name, salt), old;
    nu_str value = S("");
    const nu_error *error =
        nu_catch(NU_BAD_SIGNATURE, value = nu__timestamp_unsign(&signer, cookie, max_age));

    if (!error)
        return value;
    if (!legacy || error->klass == NU_SIGNATURE_EXPIRED)
        nu_reraise(error);
    old = cookie_signer(nu_fmt("{}{}", name, salt));
    return nu__timestamp_unsign(&old, cookie, max_age);
}
