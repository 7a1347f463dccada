/**
 * @file
 * The recorded URL configurations (urlconfs.json, urls_urlconfs.json) as nu_urlconf.
 */
#pragma once
#include "conformance.h"

#include <nuages/urls.h>

/* The configuration of that name; the file stands beside the cases. In the case's memory: forget
   the resolver with it (conf_urlconf_done()). */
const nu_urlconf *conf_urlconf(const char *file, nu_str name);
/* Of one route alone. */
const nu_urlconf *conf_urlconf_of_route(nu_str route);
void conf_urlconf_done(void);
