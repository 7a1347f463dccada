#include "db/backends/names.h"

#include "core/buf.h"
#include "core/text.h"
#include <nuages/errors.h>

#include <openssl/evp.h>
#include <string.h>

nu_str nu__names_digest(const nu_str *parts, size_t n, size_t length)
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    char hex[2 * EVP_MAX_MD_SIZE];
    unsigned len = 0;
    nu__buf text = { 0 };

    for (size_t i = 0; i < n; i++)
        nu__buf_str_add(&text, parts[i]);
    if (!EVP_Digest(text.data ? text.data : "", text.len, bytes, &len, EVP_md5(), NULL))
        nu_raise(NU_RUNTIME_ERROR, "OpenSSL refuses MD5, by which Django names indexes; allow it "
                                   "in its configuration");
    nu__put_hex(hex, bytes, len);
    return nu_copy((nu_str){ hex, length < 2 * len ? length : 2 * len });
}

/* By characters, as Python counts. */
static nu_str cut(nu_str text, size_t length)
{
    return nu__utf8_slice(text, 0, length);
}

nu_str nu__truncate_name(nu_str name, size_t length)
{
    enum { HASH = 4 };

    if (!length || nu__utf8_count(name) <= length)
        return name;
    return nu_fmt("{}{}", cut(name, length - HASH), nu__names_digest(&name, 1, HASH));
}

static nu_str join(const nu_str *columns, size_t n)
{
    nu__buf out = { 0 };

    for (size_t i = 0; i < n; i++) {
        if (i)
            nu__buf_char(&out, '_');
        nu__buf_str_add(&out, columns[i]);
    }
    return nu__buf_str(&out);
}

/* Names can't begin with an underscore or a digit, on Oracle, and so nowhere. */
static nu_str with_letter(nu_str name)
{
    if (name.len && (name.ptr[0] == '_' || (name.ptr[0] >= '0' && name.ptr[0] <= '9')))
        return nu_fmt("D{}", cut(name, nu__utf8_count(name) - 1));
    return name;
}

nu_str nu__index_name(nu_str table, const nu_str *columns, size_t n, nu_str suffix,
                      size_t max_length)
{
    nu_str *parts = nu_alloc_array(nu_str, n + 1), joined = join(columns, n), name;
    size_t most = max_length ? max_length : 200, other;

    parts[0] = table;
    memcpy(parts + 1, columns, n * sizeof *parts);
    suffix = nu_fmt("{}{}", nu__names_digest(parts, n + 1, 8), suffix);
    name = nu_fmt("{}_{}_{}", table, joined, suffix);
    if (nu__utf8_count(name) <= most)
        return name;
    if (suffix.len > most / 3)
        suffix.len = most / 3;
    other = (most - suffix.len) / 2 - 1;
    return with_letter(nu_fmt("{}_{}_{}", cut(table, other), cut(joined, other), suffix));
}

nu_str nu__one_more_name(nu_str names, nu_str name)
{
    return nu_is_null(names) ? name : nu_fmt("{}, {}", names, name);
}
