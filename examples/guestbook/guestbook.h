/**
 * @file
 * A guestbook for any site: list `&guestbook_app` among the installed apps, include
 * `guestbook_urls`.
 */
#pragma once
#include <nuages/nuages.h>

NU_DECLARE_MODEL(GuestbookEntry);
struct GuestbookEntry {
    NU_OBJECT(GuestbookEntry);
    nu_id id;
    nu_str name, message;
    nu_datetime written_at;
};

extern const nu_app guestbook_app;
extern const nu_urlconf guestbook_urls;
