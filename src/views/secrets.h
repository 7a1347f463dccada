/**
 * @file
 * What debug pages must not show. Django: SafeExceptionReporterFilter
 */
#pragma once
#include <nuages/strings.h>

#define NU__MASK "********************"

/* Does a setting, header or field of this name hold a secret? */
bool nu__is_secret(nu_str name);
/* The value, or stars in its place. */
nu_str nu__secret_masked(nu_str name, nu_str value);
