/**
 * @file
 * Where uploaded files are kept: the folder MEDIA_ROOT, served below MEDIA_URL.
 *
 * A FileField's column has the name: the path below the folder, with "/" between parts.
 * Counterpart: FileSystemStorage, FieldFile.
 */
#pragma once
#include <nuages/http.h>
#include <nuages/values.h>

/* Set at start-up; texts are kept as they are. */
void nu__storage_setup(nu_str media_root, nu_str media_url);

/* The address of a stored file: MEDIA_URL and its percent-encoded name. Raises ValueError for an
   empty name. */
nu_str nu__storage_url(nu_str name);
/* Remove a stored file; one that is not there is no error. Raises SuspiciousFileOperation for a
   name that leads out of the folder. Yields. */
void nu__storage_delete(nu_str name);

/* The value of a FileField for templates: {{ student.photo.url }}, {{ student.photo }}. False when
   the name is empty. */
nu_value nu__field_file_value(nu_str name);
