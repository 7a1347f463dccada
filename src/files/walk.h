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
