/**
 * @file
 * collectstatic: every static file into one folder, and the manifest of names by content.
 */
#pragma once
#include <nuages/strings.h>

typedef struct nu__collected {
    int64_t copied, unmodified, post_processed;
} nu__collected;

/**
 * Copy every file that the finders have into `root`, the first of each path; files that are there
 * and not older stay. With the setting STATICFILES_MANIFEST each also gets a copy named by its
 * content, with the references in style sheets rewritten, and staticfiles.json lists them.
 *
 * @param dry    count only
 * @param clear  remove what is in the folder first
 * @param tell   called for each copy; may be NULL
 * @raises       OSError that names the file; ValueError for a style sheet that refers to nothing
 */
nu__collected nu__staticfiles_collect(nu_str root, bool dry, bool clear,
                                      void (*tell)(void *self, nu_str from, nu_str to), void *self);
