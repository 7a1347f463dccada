#include "views/secrets.h"

#include <string.h>

bool nu__is_secret(nu_str name)
{
    static const char *const words[] = { "API",    "AUTH", "TOKEN",     "KEY",
                                         "SECRET", "PASS", "SIGNATURE", "HTTP_COOKIE" };
    nu_str upper = nu_upper(name);

    if (nu_eq(upper, "COOKIE") || nu_eq(upper, "SET-COOKIE")) /* HTTP_COOKIE in Django */
        return true;

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (memmem(upper.ptr, upper.len, words[i], strlen(words[i])))
            return true;
    return false;
}

nu_str nu__secret_masked(nu_str name, nu_str value)
{
    return nu__is_secret(name) ? S(NU__MASK) : value;
}
