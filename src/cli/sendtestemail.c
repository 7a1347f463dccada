/* sendtestemail: does mail arrive? */
#include "cli/commands.h"
#include "core/time.h"

#include <nuages/mail.h>
#include <nuages/timezone.h>
#include <unistd.h>

/* As Django's str(timezone.now()). */
static nu_str subject(void)
{
    char host[256] = "localhost", now[NU__TIME_TEXT];

    gethostname(host, sizeof host - 1);
    nu__datetime_iso(now, nu_now(), ' ');
    return nu_fmt("Test email from {} on {}", (const char *)host, (const char *)now);
}

static int sendtestemail(const nu_command_run *run)
{
    nu_list *to = nu_command_list(run, "email");
    bool managers = nu_command_flag(run, "--managers"), admins = nu_command_flag(run, "--admins");
    nu_email *email = nu_email_message(.body = S("If you're reading this, it was successful."));

    if (!nu_list_len(to) && !managers && !admins)
        nu_raise(NU_USAGE_ERROR, "You must specify some email recipients, or pass the --managers "
                                 "or --admins options.");
    email->subject = subject();
    email->to = to;
    nu_email_send(email);
    if (managers)
        nu_mail_managers(email->subject, S("This email was sent to the site managers."),
                         (nu_str){ 0 });
    if (admins)
        nu_mail_admins(email->subject, S("This email was sent to the site admins."), (nu_str){ 0 });
    return 0;
}

const nu_command nu__sendtestemail_command = {
    .name = "sendtestemail",
    .help = "Sends a test email to the email addresses specified as arguments.",
    .run = sendtestemail,
    .arguments = {
        { "email", .repeated = true, .optional = true,
          .help = "One or more email addresses to send a test email to." },
        { "--managers", .flag = true,
          .help = "Send a test email to the addresses specified in settings.MANAGERS." },
        { "--admins", .flag = true,
          .help = "Send a test email to the addresses specified in settings.ADMINS." },
    },
};
