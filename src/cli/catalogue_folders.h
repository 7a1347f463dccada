/**
 * @file
 * Where a site keeps its catalogues: the locale/ folders of LOCALE_PATHS and of the apps.
 */
#pragma once
#include <nuages/cli.h>

/* A folder of catalogues, and the sources whose texts belong there. */
typedef struct nu__catalogue_folder {
    nu_str path; /* "registry/locale" */
    nu_str
        source; /* the app's folder; {NULL, 0}: of LOCALE_PATHS, whose catalogues have no source */
} nu__catalogue_folder;

/* Call `visit` for each one that is there; how many there were. */
size_t nu__catalogue_folders(void (*visit)(void *self, const nu__catalogue_folder *folder),
                             void *self);
/* Locales that a command is for: those named by --locale ("de,pt_BR"), less those of --exclude;
   with none named every one that the folder has. Raises CommandError for what is no locale. */
nu_list *nu__locales_of(const nu_command_run *run, nu_str folder);
/* Run a program of GNU gettext; what it prints. Raises CommandError with what it said when it
   fails, or when gettext is not installed. */
nu_str nu__gettext_tool(const char *const *argv);
