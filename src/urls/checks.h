/**
 * @file
 * System checks of the URL configuration: Django's urls.W001 and its kind.
 */
#pragma once
#include "urls/resolver.h"

/* Each as a dict: id ("urls.W002"), level ("error", "warning"), msg, hint, object. */
nu_list *nu__url_checks(const nu__resolver *resolver);
/* Those of ROOT_URLCONF; none without one. */
nu_list *nu__urls_check(void);
