/**
 * @file
 * Content types by the ends of names. Counterpart: Python's mimetypes, as far as sites serve them.
 */
#pragma once
#include <nuages/values.h>

typedef struct nu__content_type {
    nu_str type;     /* {NULL, 0}: not known */
    nu_str encoding; /* "gzip" of "a.svg.gz"; {NULL, 0}: none */
} nu__content_type;

nu__content_type nu__content_type_of(nu_str name);
/* Whether its bytes are text, which compresses well and carries a charset. */
bool nu__content_type_is_text(nu_str type);
