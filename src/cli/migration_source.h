/**
 * @file
 * A file of a migration as text: what it calls itself, before it is compiled.
 *
 * A migration is known by its file's name, as in Django: a renamed or copied file that still says
 * its old name is told of here, by the build and by the commands.
 */
#pragma once
#include <nuages/strings.h>

typedef struct nu__migration_source {
    nu_str symbol;          /* of the (last) nu_migration; null: the file defines none */
    nu_str app_label, name; /* as written; null: not a plain text */
    size_t n;               /* how many it defines */
    int64_t line, app_label_line, name_line;
} nu__migration_source;

nu__migration_source nu__migration_source_read(nu_str text);
/* Read a file, `name` without ".c", and refuse, with CommandError that says what to write, one that
   has no migration or one of another name or app. Of what is in it; in the fiber's arena. */
nu__migration_source nu__migration_source_checked(nu_str folder, nu_str label, nu_str name);
