/**
 * @file
 * The sources below a folder, and which of them was saved last, by inotify.
 */
#pragma once
#include <nuages/strings.h>

enum { NU__MOST_FOLDERS = 4096 };

typedef struct nu__source_watch {
    int inotify;                      /* to poll; its owner closes it */
    nu_str folders[NU__MOST_FOLDERS]; /* by watch descriptor */
    size_t n_folders;
} nu__source_watch;

/* Raises OSError. */
void nu__source_watch_begin(nu__source_watch *watch, nu_str folder);
/* The path of the last source among the events that are there; null: none was. */
nu_str nu__source_watch_read(nu__source_watch *watch);
/* The same after a moment of quiet: editors write in several steps, which are one change. */
nu_str nu__source_watch_settled(nu__source_watch *watch, nu_str changed);
