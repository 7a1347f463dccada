#include "harness.h"

#include "loop/address.h"
#include "server/listeners.h"
#include "server/scoreboard.h"

#include <fcntl.h>
#include <nuages/strings.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- addresses ------------------------------------------------------------------------------- */

static void addresses_are_read_as_people_write_them(void)
{
    static const struct {
        const char *text, *host, *port, *path;
    } cases[] = {
        { "127.0.0.1:8000", "127.0.0.1", "8000", "" }, { ":80", "", "80", "" },
        { "[::1]:8000", "::1", "8000", "" },           { "localhost:0", "localhost", "0", "" },
        { "unix:/run/x.sock", "", "", "/run/x.sock" }, { "unix:x", "", "", "x" },
    };
    nu__address address;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CHECK(nu__address_parse(nu_s(cases[i].text), &address) == NULL);
        CHECK_STR((char *)address.host, cases[i].host);
        CHECK_STR((char *)address.port, cases[i].port);
        CHECK_STR((char *)address.path, cases[i].path);
    }
}

static void wrong_addresses_are_told_apart(void)
{
    static const char *const wrong[] = { "",       "8000",       "host",   "host:",
                                         "host:x", "host:70000", "::1:80", "[::1]80",
                                         "[::1",   "unix:",      "h:-1" };
    nu__address address;

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        CHECK(nu__address_parse(nu_s(wrong[i]), &address) != NULL);
    CHECK(nu__address_parse((nu_str){ "a\0b:80", 6 }, &address) != NULL);
}

/* ---- listeners ------------------------------------------------------------------------------- */

static void port_0_is_named_by_the_port_it_got(void)
{
    static const char *const asked[] = { "127.0.0.1:0", NULL };
    nu__listeners listeners;

    CHECK(nu__listeners_open(&listeners, asked, 10));
    CHECK_INT(listeners.len, 1);
    CHECK(nu_starts_with(nu_s(nu__listener_address(&listeners.items[0])), S("127.0.0.1:")));
    CHECK(strcmp(nu__listener_address(&listeners.items[0]), "127.0.0.1:0") != 0);
    nu__listeners_close(&listeners, true);
}

static void when_one_address_fails_none_is_opened(void)
{
    static const char *const asked[] = { "127.0.0.1:0", "nonsense", NULL };
    nu__listeners listeners;

    CHECK(!nu__listeners_open(&listeners, asked, 10));
    CHECK_INT(listeners.len, 0);
    CHECK(!nu__listeners_open(&listeners, NULL, 10));
}

/* The same process, as after exec: the same descriptor serves the same address. */
static void listeners_are_passed_on_over_a_reload(void)
{
    static const char *const asked[] = { "127.0.0.1:0", NULL };
    nu__listeners before, after;
    char address[300];

    CHECK(nu__listeners_open(&before, asked, 10));
    snprintf(address, sizeof(address), "%s", before.items[0].address);
    nu__listeners_pass_on(&before);
    CHECK_INT(fcntl(before.items[0].fd, F_GETFD), 0);
    CHECK(nu__listeners_open(&after, asked, 10));
    CHECK_INT(after.items[0].fd, before.items[0].fd);
    CHECK_STR((char *)after.items[0].address, (char *)address);
    CHECK_INT(fcntl(after.items[0].fd, F_GETFD), FD_CLOEXEC);
    CHECK(getenv("NUAGES_LISTENERS") == NULL);
    nu__listeners_close(&after, true);
}

static void an_address_that_is_no_longer_asked_for_is_closed(void)
{
    static const char *const first[] = { "127.0.0.1:0", NULL }, *const second[] = { "[::1]:0",
                                                                                    NULL };
    static const char *const third[] = { "localhost:0", NULL };
    nu__listeners before, after;

    CHECK(nu__listeners_open(&before, first, 10));
    nu__listeners_pass_on(&before);
    if (!nu__listeners_open(&after, second, 10)) /* no IPv6 here */
        CHECK(nu__listeners_open(&after, third, 10));
    CHECK(after.items[0].fd != before.items[0].fd ||
          strcmp(after.items[0].address, before.items[0].address) != 0);
    nu__listeners_close(&after, true);
}

static void what_another_process_passed_on_is_not_taken(void)
{
    static const char *const asked[] = { "127.0.0.1:0", NULL };
    nu__listeners listeners;

    setenv("NUAGES_LISTENERS", "1\n0@0=127.0.0.1:0", 1);
    setenv("LISTEN_PID", "1", 1);
    setenv("LISTEN_FDS", "1", 1);
    CHECK(nu__listeners_open(&listeners, asked, 10));
    CHECK(listeners.items[0].fd > 2);
    CHECK(getenv("LISTEN_FDS") == NULL);
    nu__listeners_close(&listeners, true);
}

/* ---- the scoreboard -------------------------------------------------------------------------- */

static void rows_are_taken_and_given_back(void)
{
    nu__scoreboard board;
    nu__score *first, *second;

    CHECK(nu__scoreboard_open(&board, 2));
    first = nu__score_take(&board);
    second = nu__score_take(&board);
    CHECK(first && second && first != second);
    CHECK(nu__score_take(&board) == NULL);
    first->beats = 7;
    nu__score_give(first);
    CHECK(nu__score_take(&board) == first);
    CHECK_INT(first->beats, 0);
    nu__scoreboard_close(&board);
}

static void the_average_counts_those_that_accept(void)
{
    nu__scoreboard board;
    nu__score *rows[3];

    CHECK(nu__scoreboard_open(&board, 3));
    for (int i = 0; i < 3; i++) {
        rows[i] = nu__score_take(&board);
        rows[i]->connections = (uint32_t)(10 * i + 5);
    }
    CHECK_INT(nu__scoreboard_average(&board), 0);
    rows[0]->ready = rows[1]->ready = true;
    CHECK_INT(nu__scoreboard_average(&board), 10);
    nu__scoreboard_close(&board);
}

HARNESS(addresses_are_read_as_people_write_them, wrong_addresses_are_told_apart,
        port_0_is_named_by_the_port_it_got, when_one_address_fails_none_is_opened,
        listeners_are_passed_on_over_a_reload, an_address_that_is_no_longer_asked_for_is_closed,
        what_another_process_passed_on_is_not_taken, rows_are_taken_and_given_back,
        the_average_counts_those_that_accept)
