/**
 * @file
 * The installed apps: by label, and all that they bring, in order of installation.
 *
 *   nu__apps_setup(settings)   labels checked; models, libraries and migrations listed
 *   (models, databases, templates are set up from these lists)
 *   nu__apps_ready()           receivers connected, ready hooks called
 *
 * Django: django.apps.registry
 */
#pragma once
#include <nuages/conf.h>

typedef struct nu__app_config {
    const nu_app *app;
    nu_str name, label, verbose_name;
} nu__app_config;

/**
 * Take the site's apps. Once at start-up; tests call it again.
 *
 * @param apps  at most `n`; a NULL ends them earlier
 * @raises      ImproperlyConfigured, in Django's words, for a label that is used twice or is no
 *              identifier, and for apps that others depend on and that are not there, all of them
 *              with suggestions; MemoryError
 */
void nu__apps_setup(const nu_app *const *apps, size_t n);
/* Connect the receivers, then call the ready hooks, both in order. Once after each setup. */
void nu__apps_ready(void);
void nu__apps_release(void);

/* The apps in order; NULL before nu__apps_setup(). */
const nu__app_config *nu__apps(size_t *n);
/* AppRegistryNotReady before the set-up; LookupError with a suggestion. Django: get_app_config() */
const nu__app_config *nu__app_get(nu_str label);
const nu__app_config *nu__app_find(nu_str label); /* NULL when there is none */
const nu__app_config *nu__app_by_name(nu_str name);
bool nu__app_installed(nu_str name); /* Django: is_installed() */

/* Every app's models, ended by NULL. */
const nu_model *const *nu__apps_models(void);
/* The apps themselves, ended by NULL: what the template engine takes. */
const nu_app *const *nu__apps_list(void);
