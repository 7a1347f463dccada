/**
 * @file
 * Settings, apps and the entry point of a site. Everything is const data: settings list the apps,
 * an app lists its models, templates, URLs, commands and migrations.
 */
#pragma once
#include <nuages/middleware.h>
#include <nuages/models.h>
#include <nuages/signals.h>
#include <nuages/template.h>
#include <nuages/urls.h>

typedef struct nu_database {
    const char *alias, *engine, *name, *host, *user, *url_env;
    int conn_max_age;
    const char *mirror;
} nu_database;
#define Database(a, ...)                                                                           \
    {                                                                                              \
        .alias = (a), __VA_ARGS__                                                                  \
    }

typedef struct nu_command nu_command;     /* a management command; see cli.h */
typedef struct nu_migration nu_migration; /* a compiled-in migration; see migrations.h */

/* A file compiled into the executable: a template or a static file. The build writes the tables. */
typedef struct nu_embedded_file {
    const char *name;
    const uint8_t *bytes;
    size_t len;
} nu_embedded_file;

typedef struct nu_app {
    const char *name;  /* "registry" */
    const char *label; /* the part of table names; missing: the name's last part */
    const char *verbose_name;
    const char *path; /* the app's folder in the source tree: templates/, static/ */
    const nu_model *models[128];
    nu_receiver receivers[32];
    const nu_template_library *libraries[8];
    const nu_urlconf *urls;
    const nu_command *commands[32];
    const nu_migration *const *migrations; /* ends with NULL; migrations/all.c owns it */
    const nu_embedded_file *templates;     /* ends with a NULL name */
    const nu_embedded_file *static_files;  /* the same */
    void (*ready)(void);
} nu_app;

typedef struct nu_settings {
    const char *secret_key_env;
    bool debug;
    const char *allowed_hosts[16];
    const nu_app *installed_apps[64];
    nu_middleware *middleware[32];
    nu_context_processor *context_processors[16];
    nu_database databases[8];
    const nu_model *auth_user_model;
    const nu_urlconf *root_urlconf;
    const char *login_url;
    const char *env_prefix; /* a second name for environment settings: "SCHOOL_" */
    const char *static_url, *static_root, *media_url, *media_root, *time_zone;
    const char *template_dirs[8];
} nu_settings;

/** The main() of a site: runs the management command in argv. Returns the exit status, 0, 1 or 2.
 */
int nu_main(int argc, char **argv, const nu_settings *settings);
