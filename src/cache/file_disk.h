/**
 * @file
 * The blocking half of caches in files: what threads of the pool do. Nothing here knows an arena or
 * raises.
 *
 * A file is "nuages-cache 1 EXPIRES LENGTH\n", both numbers in 20 digits, and the value's JSON as
 * zlib packs it. Its expiry stands at a fixed place, so that touch() writes over it and never
 * brings back a value that another process has replaced meanwhile.
 */
#pragma once
#include <nuages/strings.h>

#define NU__CACHE_FILE_SUFFIX ".nucache"

typedef enum nu__cache_file_state {
    NU__CACHE_FILE_ABSENT,
    NU__CACHE_FILE_THERE,
    NU__CACHE_FILE_DAMAGED, /* no file of ours: cut short, or written by something else */
    NU__CACHE_FILE_TAKEN,   /* one that was to be new is there already */
    NU__CACHE_FILE_FAILED   /* `error` */
} nu__cache_file_state;

typedef struct nu__cache_file_job {
    const char *folder, *path;
    nu_str text;     /* to write; borrowed */
    int64_t expires; /* to write, or what was read */
    bool only_new;   /* write: not over one that is there */
    bool head_only;  /* read: not its value */
    char *read;      /* its value, `read_len` bytes: free() it */
    size_t read_len;
    nu__cache_file_state state;
    int error; /* errno */
} nu__cache_file_job;

/* Each is a job for nu__pool_run(). */
void nu__cache_file_read(void *job);
void nu__cache_file_write(void *job); /* makes the folder, for this user alone */
void nu__cache_file_touch(void *job); /* the expiry alone */
void nu__cache_file_remove(void *job);

typedef struct nu__cache_file_names {
    const char *folder;
    char **names; /* free them by nu__cache_file_names_release() */
    size_t n, size;
    int error;
} nu__cache_file_names;

void nu__cache_file_list(void *names);
void nu__cache_file_remove_listed(void *names); /* the first n */
void nu__cache_file_names_release(void *names);
