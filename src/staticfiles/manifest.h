/**
 * @file
 * Names by content, as Django's ManifestStaticFilesStorage.
 */
#pragma once
#include <nuages/strings.h>

typedef struct nu__manifest nu__manifest; /* being made */

/* Told of each file: the path of its copy, or "" where that is there and has the same content. */
typedef void nu__manifest_tell(void *self, nu_str path, nu_str name);

/* For the files below `root`, each known by nu__manifest_add(). `tell` may be NULL. In the fiber's
   arena. */
nu__manifest *nu__manifest_new(nu_str root, nu__manifest_tell *tell, void *self);
void nu__manifest_add(nu__manifest *manifest, nu_str path);
/* Write the named copies, in which references to others have their new names, and staticfiles.json.
   Returns how many copies were written. Raises ValueError that names the file for a reference to
   nothing, a circle of them, and a style sheet or script that is not UTF-8. */
int64_t nu__manifest_write(nu__manifest *manifest);

/* Write a file, with the folders above it. Raises OSError. */
void nu__static_write(nu_str path, nu_str content);

/* "css/site.css" with its hash: "css/site.5d41402abc4b.css". */
nu_str nu__manifest_name(nu_str path, nu_str content);
