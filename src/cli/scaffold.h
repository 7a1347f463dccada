/**
 * @file
 * New projects and apps, from the files in scaffold/ that are compiled in.
 *
 * In names and texts @NAME@ becomes the name, @UPPER@ the same in capitals, @VERSION@ Nuages' own.
 * What this tree must not have under its real name ("gitignore") gets that on the way
 * (".gitignore"). A line that begins with @API@ is there only in projects with an API, one with
 * @PAGES@ only in the others; @SQLITE@, @POSTGRESQL@ and @MYSQL@ are for those on such a database.
 */
#pragma once
#include <nuages/conf.h>

/* What lines are there for. */
typedef struct nu__project_kind {
    bool api;
    const char *vendor; /* of the database's driver; NULL: SQLite's */
} nu__project_kind;

extern const nu_embedded_file nu__project_files[], nu__app_files[], nu__api_files[];

/* Raises CommandError for a name that is no C identifier. */
void nu__check_scaffold_name(nu_str name);
/* Raises CommandError for such a name, or a folder that is there and not empty.
 */
void nu__scaffold(const nu_embedded_file *files, nu_str name, nu_str folder, nu__project_kind kind);
/* The same from a folder's files: --template. Folders of it that are named in `excluded`, or .git,
   are left out. */
void nu__scaffold_from(nu_str template_folder, nu_str name, nu_str folder, const nu_list *excluded);
