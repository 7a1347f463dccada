/**
 * @file
 * What connection.c asks of a backend: handles (physical connections) and statements on them.
 *
 * One table of functions a vendor, found by URL scheme or by Django's engine name. All but `parse`
 * may yield; they raise Django's database errors.
 */
#pragma once
#include "db/connection.h"

typedef struct nu__driver nu__driver;

/* By URL scheme ("sqlite") or by Django's ENGINE; NULL when it is not built in. */
const nu__driver *nu__driver_find(nu_str name);
