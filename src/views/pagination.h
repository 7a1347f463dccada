/**
 * @file
 * What ListView shares with nu_paginate().
 */
#pragma once
#include <nuages/shortcuts.h>

/* The page asked for: a number, its text or "last". Raises Http404 in ListView's words. Yields. */
nu_page *nu__paginate(nu_paginator *paginator, nu_value asked);
