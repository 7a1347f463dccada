#include "views/style_policy.h"

#include "core/buf.h"
#include "core/text.h"
#include "utils/base64.h"
#include "utils/crypto.h"

#include <string.h>
#include <strings.h>

/* ---- one policy ------------------------------------------------------------------------------ */

static nu_str hash_of(nu_str style)
{
    nu__digest digest = nu__digest_of("sha256", style);

    return nu_fmt("'sha256-{}'",
                  nu__base64_encode((nu_bytes){ digest.bytes, digest.len }, NU__BASE64));
}

/* "style-src 'self'" of that name; null: it is another. */
static nu_str sources_of(nu_str directive, const char *name)
{
    nu_str text = nu_trim(directive);
    size_t len = strlen(name);

    if (text.len < len || strncasecmp(text.ptr, name, len) != 0)
        return (nu_str){ 0 };
    if (text.len > len && text.ptr[len] != ' ' && text.ptr[len] != '\t')
        return (nu_str){ 0 };
    return nu_trim(nu__sub(text, len, text.len));
}

/* What decides on a <style>, the first that there is. */
static const char *const deciding[] = { "style-src-elem", "style-src", "default-src" };
enum { N_DECIDING = sizeof deciding / sizeof *deciding };

/* The index of the directive in the list, and which it is; -1: none restricts a <style>. */
static ptrdiff_t find_deciding(nu_list *directives, size_t *which)
{
    for (*which = 0; *which < N_DECIDING; ++*which)
        for (size_t i = 0; i < nu_list_len(directives); i++)
            if (sources_of(nu_at(directives, i).s, deciding[*which]).ptr)
                return (ptrdiff_t)i;
    return -1;
}

/* 'unsafe-inline' counts where no hash and no nonce stands beside it. */
static bool admits_any(nu_str sources)
{
    nu_str words = nu_lower(sources);

    return nu__find(words, S("'unsafe-inline'")) >= 0 && nu__find(words, S("'nonce-")) < 0 &&
           nu__find(words, S("'sha")) < 0;
}

static nu_str with_source(const char *name, nu_str sources, nu_str source)
{
    bool none = !sources.len || nu_eq(nu_lower(sources), "'none'");

    return none ? nu_fmt("{} {}", name, source) : nu_fmt("{} {} {}", name, sources, source);
}

nu_str nu__style_policy_with(nu_str policy, nu_str style)
{
    nu_list *directives = nu__split(policy, S(";"));
    size_t which;
    ptrdiff_t at = find_deciding(directives, &which);
    nu__buf out = { 0 };
    nu_str sources, mended;

    if (at < 0)
        return policy;
    sources = sources_of(nu_at(directives, (size_t)at).s, deciding[which]);
    if (admits_any(sources))
        return policy;
    /* default-src decides on more than styles: these get a directive of their own. */
    mended = with_source(which == 2 ? "style-src" : deciding[which], sources, hash_of(style));
    for (size_t i = 0; i < nu_list_len(directives); i++)
        nu__buf_fmt(&out, "{}{}", i ? ";" : "",
                    which < 2 && (ptrdiff_t)i == at ? mended : nu_at(directives, i).s);
    if (which == 2)
        nu__buf_fmt(&out, "; {}", mended);
    return nu__buf_str(&out);
}

/* ---- those of a response --------------------------------------------------------------------- */

/* A header may hold several policies, of which each must admit it. */
static nu_str mended_header(nu_str header, nu_str style)
{
    nu_list *policies = nu__split(header, S(","));
    nu__buf out = { 0 };

    for (size_t i = 0; i < nu_list_len(policies); i++)
        nu__buf_fmt(&out, "{}{}", i ? "," : "", nu__style_policy_with(nu_at(policies, i).s, style));
    return nu__buf_str(&out);
}

void nu__style_policy_allow(nu_response *response, nu_str style)
{
    static const char *const names[] = { "Content-Security-Policy",
                                         "Content-Security-Policy-Report-Only" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        nu_str header = nu_response_header(response, names[i]);

        if (header.len)
            nu_set_header_(response, names[i], mended_header(header, style));
    }
}
