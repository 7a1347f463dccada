/**
 * @file
 * The files of an app whose texts makemessages collects.
 */
#pragma once
#include <nuages/cli.h>

/* By their paths below the app's folder, in order: catalogues are kept under version control. */
typedef struct nu__message_sources {
    nu_list *code; /* what xgettext reads: C, or JavaScript by --domain */
    nu_list *templates;
} nu__message_sources;

/* As --extension, --ignore, --no-default-ignore and --symlinks have it. Raises CommandError: too
   many. */
nu__message_sources nu__message_sources_find(const nu_command_run *run, nu_str source);
/* --domain djangojs */
bool nu__is_javascript(const nu_command_run *run);
