/**
 * @file
 * The files of a folder and of those in it.
 */
#pragma once
#include <nuages/strings.h>

/* Call `visit` with each file's path below `folder`, in the order of the folder's entries. Hidden
   entries, editors' backups (`~`) and CVS folders are left out, as is what lies more than 32
   folders deep; a folder that is not there has no files. */
void nu__walk(nu_str folder, void (*visit)(void *self, nu_str path), void *self);

/* Which entries a walk leaves out. */
typedef struct nu__walk_rules {
    nu_list *ignore;  /* patterns of shells, of an entry's name or of its path; may be NULL */
    bool no_defaults; /* hidden entries, backups and CVS folders count, too */
    bool no_links;    /* folders that are symbolic links are not entered */
    bool entries;     /* all that is no folder is visited: links wherever they lead, pipes, … */
} nu__walk_rules;

/* The same by rules. */
void nu__walk_by(nu_str folder, const nu__walk_rules *rules, void (*visit)(void *self, nu_str path),
                 void *self);
/* Whether the rules leave out a path, by it or by one of its folders. */
bool nu__walk_ignores(const nu__walk_rules *rules, nu_str path);
