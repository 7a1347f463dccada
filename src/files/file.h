/**
 * @file
 * Uploaded files: in memory while the request is small, else in a temporary file without a name
 * that goes with the fiber. Counterpart: django.core.files.uploadedfile.
 */
#pragma once
#include "core/buf.h"

#include <nuages/http.h>

struct nu_file {
    nu_object object; /* templates read name, size, content_type */
    nu_str name;
    nu_str content_type, charset;
    nu_dict *content_type_extra; /* the parameters of its Content-Type; NULL: none */
    int64_t size;
    nu__buf memory;
    int fd; /* -1: in memory */
};

extern const nu_class nu__file_class;

/* An empty file of the fiber. `on_disk`: in `temp_dir` (NULL: TMPDIR, else /tmp). Raises OSError
   when there is no room for one; SuspiciousFileOperation for a name that is none. */
nu_file *nu__file_new(nu_str name, bool on_disk, const char *temp_dir);
/* Append. Yields when it is on disk. Raises OSError. */
void nu__file_write(nu_file *file, const char *bytes, size_t len);
/* Read back by .p; who reads a FILE as text, the name of a stored one, sees an empty one. */
static inline nu_value nu__file_value(const nu_file *file)
{
    return (nu_value){ .kind = NU_KIND_FILE, .s = { (const char *)file, 0 } };
}

/* What is left of a client's file name when folders, controls and HTML escapes are gone; {NULL, 0}
   when that is nothing, or a folder. Counterpart: MultiPartParser.sanitize_file_name(). */
nu_str nu__file_name_sanitize(nu_str name);
/* The last part of a path, at most 255 characters with its extension kept. Raises
   SuspiciousFileOperation for "", "." and "..". */
nu_str nu__file_name_base(nu_str name);
