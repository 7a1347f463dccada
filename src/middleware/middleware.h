/**
 * @file
 * What Django's own middleware share: headers that give way to the view's, lists of regular
 * expressions, texts worked out once from the settings.
 */
#pragma once
#include <nuages/middleware.h>

#include "conf/settings.h"
#include "core/text.h"
#include "http/message.h"
#include "utils/regex.h"

/* Set a header unless the response has one of that name. Inline: each response passes here several
   times, and its few headers seldom have names of that length. */
static inline void nu__header_default(nu_response *response, nu_str name, nu_str value)
{
    nu__headers *headers = &response->headers;

    for (uint32_t i = 0; i < headers->len; i++)
        if (headers->items[i].name.len == name.len &&
            nu__eq_ignore_ascii_case(headers->items[i].name, name))
            return;
    if (headers->len < headers->cap)
        headers->items[headers->len++] = (nu__header){ name, value };
    else
        nu__headers_add(headers, name, value);
}

typedef struct nu__re_list {
    nu__re **items;
    size_t len;
} nu__re_list;
/* Replaces what the list held. Raises ImproperlyConfigured. */
void nu__re_list_compile(nu__re_list *list, const nu__conf_list *patterns);
bool nu__re_list_matches(const nu__re_list *list, nu_str text); /* any of them, anywhere */

/* A copy that lives until the next nu__middleware_setup(). */
nu_str nu__middleware_keep(nu_str text);

/* Work out what the middleware need of the settings; at start-up, after them. */
void nu__middleware_setup(void);
void nu__security_setup(void);
void nu__common_setup(void);
