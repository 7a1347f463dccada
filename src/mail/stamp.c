/* Whence, when and which: the host's name, Date and Message-ID of a message. */
#include "mail/mail.h"

#include "conf/settings.h"
#include "core/text.h"
#include "core/time.h"
#include "loop/pool.h"
#include "utils/crypto.h"
#include "utils/punycode.h"

#include <netdb.h>
#include <string.h>
#include <unistd.h>

/* ---- the host's name ------------------------------------------------------------------------- */

static char host_name[256];

static void look_up_name(void *arg)
{
    struct addrinfo hints = { .ai_flags = AI_CANONNAME, .ai_socktype = SOCK_STREAM }, *found = NULL;
    char name[256] = "localhost";

    (void)arg;
    if (gethostname(name, sizeof name) == 0)
        name[sizeof name - 1] = 0;
    if (getaddrinfo(name, NULL, &hints, &found) == 0 && found->ai_canonname)
        strncpy(name, found->ai_canonname, sizeof name - 1);
    if (found)
        freeaddrinfo(found);
    memcpy(host_name, name, sizeof name);
}

nu_str nu__mail_host_name(void)
{
    if (!host_name[0])
        nu__pool_run(look_up_name, NULL);
    return nu__punycode(nu_copy_cstr(host_name));
}

/* ---- when, and which ------------------------------------------------------------------------- */

nu_str nu__mail_date(void)
{
    static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    nu__moment now;
    nu_str zone = S("-0000");

    if (nu__settings.email_use_localtime) {
        now = nu__moment_at(nu_now(), nu_timezone_default());
        zone = nu_fmt("{}{:02}{:02}", now.offset < 0 ? "-" : "+",
                      (int64_t)(now.offset < 0 ? -now.offset : now.offset) / 3600,
                      (int64_t)(now.offset < 0 ? -now.offset : now.offset) / 60 % 60);
    } else {
        now = nu__moment_at(nu_now(), nu_utc);
    }
    return nu_fmt("{}, {:02} {} {:04} {:02}:{:02}:{:02} {}", days[nu__weekday(now.ordinal)],
                  (int64_t)now.day, months[now.month - 1], (int64_t)now.year, (int64_t)now.hour,
                  (int64_t)now.minute, (int64_t)now.second, zone);
}

nu_str nu__mail_message_id(void)
{
    uint64_t number;

    nu__random_bytes(&number, sizeof number);
    return nu_fmt("<{}.{}.{}@{}>", (nu_now().us - NU__UNIX_EPOCH_US) / 10000, (int64_t)getpid(),
                  number, nu__mail_host_name());
}
