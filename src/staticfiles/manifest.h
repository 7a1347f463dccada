/**
 * @file
 * Names by content, as Django's ManifestStaticFilesStorage.
 */
#pragma once
#include <nuages/strings.h>

typedef struct nu__manifest nu__manifest; /* being made */

/* For the files below `root`, each known by nu__manifest_add(). In the fiber's arena. */
nu__manifest *nu__manifest_new(nu_str root);
void nu__manifest_add(nu__manifest *manifest, nu_str path);
/* Write the named copies and staticfiles.json. Returns how many copies. */
int64_t nu__manifest_write(nu__manifest *manifest);

/* Write a file, with the folders above it. Raises OSError. */
void nu__static_write(nu_str path, nu_str content);

/* "css/site.css" with its hash: "css/site.5d41402abc4b.css". */
nu_str nu__manifest_name(nu_str path, nu_str content);
