/* ./manage clearsessions: Django's command of that name. */
#include "sessions/session.h"

#include <nuages/auth.h>
#include <nuages/cli.h>
#include <nuages/queries.h>
#include <nuages/timezone.h>

static int run(const nu_command_run *run)
{
    (void)run;
    if (nu__session_backend_of_settings() == &nu__session_db)
        nu_delete_all(nu_filter(nu_objects(nu_session), Q("expire_date__lt", nu_now())));
    return 0;
}

const nu_command nu__clearsessions_command = {
    .name = "clearsessions",
    .help = "Delete expired sessions, when the session engine is the database.",
    .run = run,
};
