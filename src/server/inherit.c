#include "server/listeners.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_PASSED = 3 }; /* systemd's protocol: descriptors from 3 on */

/* A line each: "PID", "5@0=127.0.0.1:8000", "7@81234=unix:/run/site.sock"; after "@" the inode of a
   file that is ours. */
static const char PASSED[] = "NUAGES_LISTENERS";

static void set_inheritable(int fd, bool yes)
{
    fcntl(fd, F_SETFD, yes ? 0 : FD_CLOEXEC);
}

/* ---- systemd --------------------------------------------------------------------------------- */

/* A number from the environment, which is cleared: it is not meant for children. -1: none. */
static long take_number(const char *name)
{
    const char *text = getenv(name);
    long number = text ? strtol(text, NULL, 10) : -1;

    unsetenv(name);
    return number;
}

bool nu__listeners_from_systemd(nu__listeners *listeners)
{
    long pid = take_number("LISTEN_PID"), n = take_number("LISTEN_FDS");

    unsetenv("LISTEN_FDNAMES");
    if (pid != getpid())
        return false;
    for (int fd = FIRST_PASSED; fd < FIRST_PASSED + n; fd++) {
        set_inheritable(fd, false);
        fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
        nu__listeners_add(listeners, fd, "");
    }
    return listeners->len > 0;
}

/* ---- a reload -------------------------------------------------------------------------------- */

void nu__listeners_pass_on(const nu__listeners *listeners)
{
    char text[NU__MOST_LISTENERS * 340];
    size_t len = (size_t)snprintf(text, sizeof(text), "%ld", (long)getpid());

    for (size_t i = 0; i < listeners->len && len < sizeof(text); i++) {
        const nu__listener *listener = &listeners->items[i];

        set_inheritable(listener->fd, true);
        len += (size_t)snprintf(text + len, sizeof(text) - len, "\n%d@%llu=%s", listener->fd,
                                (unsigned long long)listener->inode, listener->asked);
    }
    setenv(PASSED, text, 1);
}

static void take_item(nu__listeners *listeners, const char *item)
{
    const char *asked = strchr(item, '=');
    char *end;
    int fd = (int)strtol(item, &end, 10);
    nu__listener *listener;

    if (!asked || *end != '@')
        return;
    set_inheritable(fd, false);
    listener = nu__listeners_add(listeners, fd, asked + 1);
    if (listener)
        listener->inode = strtoull(end + 1, NULL, 10);
}

void nu__listeners_from_before(nu__listeners *listeners)
{
    char *text = getenv(PASSED), *item, *rest;

    listeners->len = 0;
    if (!text)
        return;
    text = strdup(text);
    unsetenv(PASSED);
    for (rest = text; text && (item = strsep(&rest, "\n"));)
        if (item != text)
            take_item(listeners, item);
        else if (strtol(item, NULL, 10) != getpid())
            break;
    free(text);
}

bool nu__listeners_reuse(nu__listeners *listeners, nu__listeners *passed, const char *asked)
{
    for (size_t i = 0; i < passed->len; i++) {
        if (strcmp(passed->items[i].asked, asked) != 0)
            continue;
        listeners->items[listeners->len++] = passed->items[i];
        passed->items[i] = passed->items[--passed->len];
        return true;
    }
    return false;
}
