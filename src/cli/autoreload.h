/**
 * @file
 * The development server's outer process.
 *
 *   runserver                    watches the sources (inotify); no sockets, no database
 *     runserver --noreload       serves; replaced in place by SIGHUP once a build has succeeded
 *     ninja                      after each saved source
 *
 * While a build fails the last good executable goes on serving; what the compiler said is printed,
 * and shown by each page (NUAGES_BUILD_REPORT names the file). Templates and static files are read
 * anew by the server itself.
 */
#pragma once
#include <nuages/cli.h>

/* Can it be watched and rebuilt: does a build.ninja stand above the executable? */
bool nu__autoreload_possible(void);
/* Serve, watch, rebuild, until told to stop. The exit status. */
int nu__autoreload(const nu_command_run *run);
