/**
 * @file
 * How a stream is compressed, by its library: a row a way.
 */
#pragma once
#include <stdio.h>

typedef struct nu__compression {
    const char *extension;
    /* As fopen(), for "r" and "w"; reading what is broken fails with EBADMSG. Leaf code: nothing
       raises. NULL: not built in. */
    FILE *(*open)(const char *path, const char *mode);
    const char *instead; /* of NULL: why, and what to do */
} nu__compression;

extern const nu__compression nu__gzip;  /* gzip.c: zlib */
extern const nu__compression nu__bzip2; /* bzip2.c: libbz2; else bzip2_missing.c */
extern const nu__compression nu__xz;    /* lzma.c: liblzma; else lzma_missing.c */
extern const nu__compression nu__lzma;  /* the format before xz */
