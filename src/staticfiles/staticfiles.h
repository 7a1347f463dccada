/**
 * @file
 * Static files: where they lie, under which address they are served, and under which name.
 *
 *   finders.c    path -> STATICFILES_DIRS, then each app's static/, then what is compiled in
 *   serve.c      path -> response
 *   storage.c    path -> URL, by the manifest where the site has one
 *   collect.c    all of them -> STATIC_ROOT
 *   manifest.c   names by content: site.css -> site.5d41402abc4b.css
 *
 * Django: django.contrib.staticfiles
 */
#pragma once
#include "files/walk.h"

#include <nuages/conf.h>
#include <nuages/staticfiles.h>

/* A file by its path below the folder of static files. */
typedef struct nu__static_file {
    nu_str path;
    nu_str folder;                    /* on disk; {NULL, 0} for one that is compiled in */
    const nu_embedded_file *embedded; /* else this */
} nu__static_file;

/* After settings and apps. Reads the manifest, where the settings want one and it is there. */
void nu__staticfiles_setup(void);

/* The first finder that has it; false when none has. Raises SuspiciousFileOperation. */
bool nu__static_find(nu_str path, nu__static_file *found);
/* The folders that are looked in, in their order; those that are there. */
nu_list *nu__static_folders(void);
/* Call `visit` for every file of every finder, first finders first; a path that an earlier one had
   comes again, but a compiled-in copy of what its app's folder has does not. What the rules ignore
   is left out; by default names that begin with "." or end with "~", and CVS. */
void nu__static_each(const nu__walk_rules *rules,
                     void (*visit)(void *self, const nu__static_file *file), void *self);
/* Its bytes, in the fiber's arena or the executable. Raises OSError. */
nu_str nu__static_read(const nu__static_file *file);
/* When it was last changed, seconds since 1970; of the executable for what is compiled in. */
int64_t nu__static_modified(const nu__static_file *file);

/* The address of a static file. Raises ValueError for what a manifest lacks. */
nu_str nu__static_url(nu_str path);
/* A response with the file. Raises Http404, SuspiciousFileOperation. Yields. */
nu_response *nu__static_respond(nu_request *req, nu_str path);
/* When the site itself answers what is below STATIC_URL: under DEBUG, as runserver does in Django;
   its --nostatic and --insecure say otherwise. */
typedef enum nu__static_serving {
    NU__STATIC_UNDER_DEBUG,
    NU__STATIC_NEVER,
    NU__STATIC_ALWAYS
} nu__static_serving;
void nu__static_serving_set(nu__static_serving when);
/* Whether the site answers this path by a file; *rest: the file's path. */
bool nu__static_is_served(nu_str path, nu_str *rest);
