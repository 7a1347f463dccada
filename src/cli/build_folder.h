/**
 * @file
 * Where a site is built: the folder of its executable, and what Meson says of it.
 */
#pragma once
#include <limits.h>
#include <nuages/strings.h>

/* This process's executable. false, with errno: the system does not tell. */
bool nu__program_find(char program[static PATH_MAX]);
/* The same, and the folder above it that has build.ninja. false: there is none. */
bool nu__build_find(char program[static PATH_MAX], char build[static PATH_MAX]);
/* The sources' folder as Meson tells it; without its word the one above the build folder. */
nu_str nu__build_sources(const char *build);
/* Can a file of the folder be read? */
bool nu__file_exists(const char *folder, const char *name);
