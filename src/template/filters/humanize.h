/**
 * @file
 * What of humanize is called outside of templates.
 */
#pragma once
#include <nuages/values.h>

/* "1,234,567.25" of a number or its text; without `use_l10n` with commas in whatever language. */
nu_value nu__intcomma(nu_value value, bool use_l10n);
