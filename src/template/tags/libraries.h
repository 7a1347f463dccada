/**
 * @file
 * The libraries for {% load %}, a file each.
 */
#pragma once
#include "template/tags/tags.h"

extern const nu__library nu__static_library, nu__l10n_library, nu__tz_library, nu__i18n_library,
    nu__cache_library, nu__humanize_library;
