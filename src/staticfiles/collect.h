/**
 * @file
 * collectstatic: every static file into one folder, and the manifest of names by content.
 */
#pragma once
#include "files/walk.h"

typedef struct nu__collected {
    int64_t copied, unmodified, post_processed;
} nu__collected;

typedef struct nu__collect_options {
    nu_str root;          /* the folder that they go to */
    nu__walk_rules rules; /* which are left out */
    bool dry;             /* count only */
    bool clear;           /* remove what is in the folder first */
    bool link;            /* symbolic links to the files, instead of copies */
    bool no_post_process; /* no names by content, whatever the setting says */
    /* What is done, a line a file, by the verbosity that wants it; may be NULL. */
    void (*tell)(void *self, int64_t verbosity, nu_str line);
    void *self;
} nu__collect_options;

/**
 * Copy every file that the finders have into the root, the first of each path; files that are there
 * and not older stay. With the setting STATICFILES_MANIFEST each also gets a copy named by its
 * content, with the references in style sheets rewritten, and staticfiles.json lists them.
 *
 * @raises  OSError that names the file; ValueError as nu__manifest_write()
 */
nu__collected nu__staticfiles_collect(const nu__collect_options *options);
