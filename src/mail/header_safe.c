/* What may become a header: no line breaks, addresses that are some. */
#include "mail/header.h"

#include "core/text.h"
#include "mail/addresses.h"

#include <nuages/errors.h>
#include <string.h>

static bool holds_addresses(nu_str name)
{
    static const char *const names[] = { "from",      "sender",    "reply-to",    "to",
                                         "cc",        "bcc",       "resent-from", "resent-sender",
                                         "resent-to", "resent-cc", "resent-bcc" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (nu__eq_ignore_ascii_case(name, nu_s(names[i])))
            return true;
    return false;
}

static bool breaks_line(nu_str text)
{
    return text.len && (memchr(text.ptr, '\n', text.len) || memchr(text.ptr, '\r', text.len));
}

/* The name is the developer's, so what is no name is told apart from hostile values. */
static void check_name(nu_str name)
{
    bool good = name.len > 0;

    for (size_t i = 0; i < name.len; i++)
        good &= name.ptr[i] > ' ' && name.ptr[i] < 0x7f && name.ptr[i] != ':';
    if (!good)
        nu_raise(NU_BAD_HEADER_ERROR,
                 "{!r} is no name of a header: write ASCII without spaces and colons.", name);
}

nu_str nu__header_safe(nu_str name, nu_str value)
{
    check_name(name);
    if (breaks_line(value))
        nu_raise(NU_BAD_HEADER_ERROR,
                 "Header values can't contain newlines (got {!r} for header {!r})", value, name);
    if (nu__is_ascii(value))
        return nu__eq_ignore_ascii_case(name, S("subject")) ? nu__header_encode(value) : value;
    return holds_addresses(name) ? nu__addresses_encode(value) : nu__header_encode(value);
}
