/**
 * @file
 * Validators of texts, as django.core.validators: each tells whether a text is one. None allocates
 * more than a copy, raises or yields.
 */
#pragma once
#include "db/models/fields.h"

bool nu__email_valid(nu_str text); /* validate_email */
bool nu__url_valid(nu_str text);   /* URLValidator: http, https, ftp, ftps */
bool nu__slug_valid(nu_str text);  /* validate_slug */
bool nu__ip_valid(nu_str text);    /* validate_ipv46_address */

typedef struct nu__range {
    int64_t min, max;
} nu__range;
/* What an integer field's column holds on the default database. Django: integer_field_range() */
nu__range nu__field_range(const nu__field *field);
