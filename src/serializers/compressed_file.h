/**
 * @file
 * Files that are compressed as the end of their names says: .gz, .bz2, .xz, .lzma.
 *
 *     FILE *file = nu__compressed_open(S("tags.json.xz"), "w");
 *     fputs("[]", file);      compressed as it goes
 *     fclose(file);           EOF: the rest could not be written
 */
#pragma once
#include <nuages/values.h>

#include <stdio.h>

/* The extensions that there are, by number; NULL past the last. */
const char *nu__compression_at(size_t i);
/* "gz": is it one of those, built in or not? */
bool nu__is_compression(nu_str extension);
/* As fopen(), for "r" and "w"; a name with another end is a plain file. NULL with errno set.
   Reading what is broken fails with EBADMSG. Raises CommandError: how it is compressed is not built
   in. */
FILE *nu__compressed_open(nu_str path, const char *mode);
