/**
 * @file
 * What inspectdb writes: the models of a database as C.
 */
#pragma once
#include "cli/command.h"
#include "core/buf.h"
#include "db/migrations/inspect.h"

/* The headers that the structs need. */
void nu__write_includes(nu__buf *out, const nu__inspection *what);
/* The structs, and the descriptors, of an app's models; `app` NULL: of all. */
void nu__write_structs(nu__buf *out, const nu__inspection *what, const char *app);
void nu__write_descriptors(nu__buf *out, const nu__inspection *what, const char *app);
/* " &Student_model, &Course_model" */
void nu__write_model_list(nu__buf *out, const nu__inspection *what, const char *app);
/* Labels of the apps that have models to be written. */
nu_list *nu__inspected_apps(const nu__inspection *what);
/* --project: a folder that builds, with an app for each label. With `adopt` a migration that is
   marked as applied. */
void nu__write_project(const nu_command_run *run, const nu__inspection *what, nu_str name,
                       nu_str url, bool adopt);
