/* Errors of requests as mail to the ADMINS. Django: AdminEmailHandler
 *
 * A site that fails fails often: a table of the last kinds of error keeps each to a mail a minute,
 * and all of them to a few. Of one process: a site of eight workers may send eight. */
#include "conf/settings.h"
#include "core/list.h"
#include "core/text.h"
#include "handlers/handler.h"
#include "views/debug.h"

#include <nuages/logging.h>
#include <nuages/mail.h>
#include <nuages/timezone.h>
#include <string.h>

enum { KINDS = 64, EVERY = 60 /* seconds */, MOST = 20 /* mails in them */ };

typedef struct kind {
    uint64_t key;
    double mailed_at; /* 0: a free row */
    int64_t held_back;
} kind;
static kind kinds[KINDS];
static double window_began;
static int64_t in_window;

/* ---- how often ------------------------------------------------------------------------------- */

static uint64_t key_of(const nu_error *error)
{
    nu_str place = nu_fmt("{} {} {}", (int64_t)error->klass, error->file, (int64_t)error->line);

    return nu__hash(place.ptr, place.len);
}

/* Its row, or that which was used longest ago. */
static kind *kind_of(uint64_t key)
{
    kind *oldest = &kinds[0];

    for (size_t i = 0; i < KINDS; i++) {
        if (kinds[i].mailed_at > 0 && kinds[i].key == key)
            return &kinds[i];
        if (kinds[i].mailed_at < oldest->mailed_at)
            oldest = &kinds[i];
    }
    *oldest = (kind){ .key = key };
    return oldest;
}

/* Is it to be mailed? Then *held is how many of its kind were not. */
static bool due(const nu_error *error, int64_t *held)
{
    double now = nu_monotonic() + 1;
    kind *kind = kind_of(key_of(error));

    if (now - window_began >= EVERY) {
        window_began = now;
        in_window = 0;
    }
    if (in_window >= MOST || (kind->mailed_at > 0 && now - kind->mailed_at < EVERY)) {
        kind->held_back++;
        return false;
    }
    in_window++;
    *held = kind->held_back;
    kind->held_back = 0;
    kind->mailed_at = now;
    return true;
}

/* ---- the mail -------------------------------------------------------------------------------- */

typedef struct letter {
    nu_str subject, text;
} letter;

static nu_str one_line(nu_str text)
{
    return nu__replace(nu__replace(text, S("\n"), S("\\n")), S("\r"), S("\\r"));
}

static bool internal(nu_request *req)
{
    const nu__conf_list *list = &nu__settings.internal_ips;

    for (size_t i = 0; i < list->len; i++)
        if (nu_eq_(list->items[i], nu_remote_addr(req)))
            return true;
    return false;
}

static letter *write_letter(nu_request *req, const nu_error *error, int64_t held)
{
    letter *made = nu_alloc(letter);

    made->subject = one_line(nu_fmt("ERROR ({} IP): Internal Server Error: {}",
                                    internal(req) ? "internal" : "EXTERNAL", req->path));
    made->text = nu__error_report(req, error);
    if (held)
        made->text = nu_fmt("{} more errors of this kind were not mailed.\n\n{}", held, made->text);
    return made;
}

/* The visitor has the response by now, and does not wait for the mail. */
static void send_letter(void *arg)
{
    const letter *made = arg;
    const nu_error *error =
        nu_catch(NU_EXCEPTION, nu_mail_admins(made->subject, made->text, (nu_str){ 0 }));

    if (error)
        nu_warning("an error of the site could not be mailed to the admins: {}: {}",
                   nu_error_class_name(error->klass), error->message);
}

void nu__error_mail(nu_request *req, const nu_error *error)
{
    letter *made = NULL;
    int64_t held = 0;
    const nu_error *second;

    if (!nu__settings.admins.len || !due(error, &held))
        return;
    second = nu_catch(NU_EXCEPTION, made = write_letter(req, error, held));
    if (second)
        nu_warning("an error of the site could not be written as mail: {}", second->message);
    else
        nu_on_fiber_end(send_letter, made);
}
