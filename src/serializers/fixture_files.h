/**
 * @file
 * The files that a fixture's label means, and what they say.
 *
 * "students" is students.json, students.xml.gz, students.default.yaml …, in the folders fixtures/
 * of the apps, in FIXTURE_DIRS and in the current one.   Django: the command loaddata
 */
#pragma once
#include "serializers/serializer.h"

typedef struct nu__fixture_file {
    nu_str path, name;
    nu_str folder; /* null: standard input */
    nu_str format; /* "json" */
} nu__fixture_file;

/* What is found, in the order of the folders. Tells where it looks. Raises CommandError: there is
   none, or two of one name in a folder. */
nu__fixture_file *nu__fixture_files_find(const nu__fixture_options *options, nu_str given,
                                         size_t *n);
/* The whole of it, expanded. Raises OSError, CommandError. */
nu_str nu__fixture_file_read(const nu__fixture_file *file);
/* "'/site/shop/fixtures'", "current directory" */
nu_str nu__fixture_folder_named(nu_str folder);
