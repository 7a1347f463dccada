/**
 * @file
 * The files that commands read and write. Every failure is a CommandError with the path and reason.
 */
#pragma once
#include <nuages/strings.h>

/* Make the folders that a path goes through; what follows its last slash is left alone. */
void nu__make_folders_for(nu_str path);
void nu__write_text_file(nu_str path, nu_str text);
/* The same; where the file is new, nobody else may read it. */
void nu__write_secret_file(nu_str path, nu_str text);
/* At most 16 MB. */
nu_str nu__read_text_file(nu_str path);
