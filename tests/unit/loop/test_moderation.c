#include "harness_loop.h"

#include "loop/fiber_int.h"
#include "loop/io.h"
#include "loop/moderation.h"

#include <nuages/strings.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { US = 1000, MOST = 100 * US };

/* ---- how long to sleep: turns of a made-up clock --------------------------------------------- */

static const nu__moderation_rule rule = { .share = 3, .enough = 16, .most = MOST };

typedef struct server {
    nu__moderation m;
    uint64_t now, apart; /* ns between two answers */
    uint64_t owed;       /* ns of the server's work that no answer has shown yet */
    uint64_t slept, turns;
} server;

/* The worker works `work` ns, or waits for one answer; what came in the turn and the sleep before
   it is taken then, and each answer is followed by another question. */
static uint64_t one_turn(server *server, uint64_t work)
{
    uint64_t nap = nu__moderation_nap(&server->m, &rule, server->now);
    uint64_t took = nap + work;

    if (server->owed + took < server->apart)
        took = server->apart - server->owed;
    server->now += took;
    server->owed += took;
    server->m.came = (uint32_t)(server->owed / server->apart);
    if (server->m.came > server->m.awaited)
        server->m.came = server->m.awaited;
    server->owed = server->owed % server->apart;
    server->slept += nap;
    server->turns++;
    return nap;
}

static server run(uint32_t awaited, uint64_t apart, uint64_t work)
{
    server server = { .m = { .awaited = awaited }, .now = 1, .apart = apart };

    for (int i = 0; i < 2000; i++)
        one_turn(&server, work);
    return server;
}

static void few_answers_are_taken_as_they_come(void)
{
    for (uint32_t awaited = 0; awaited < 8; awaited++)
        CHECK_INT(run(awaited, 10 * US, 5 * US).slept, 0);
}

static void many_answers_that_come_thick_are_slept_for(void)
{
    server busy = run(64, 10 * US, 5 * US);

    CHECK(busy.slept / busy.turns > 50 * US);
    CHECK(busy.slept / busy.turns <= MOST);
}

static void no_sleep_is_longer_than_the_limit(void)
{
    static const uint64_t apart[] = { 2 * US, 5 * US, 10 * US, 20 * US, 30 * US };

    for (size_t i = 0; i < sizeof apart / sizeof *apart; i++) {
        server server = { .m = { .awaited = 1000 }, .now = 1, .apart = apart[i] };

        for (int turn = 0; turn < 1000; turn++)
            CHECK(one_turn(&server, 5 * US) <= MOST);
        CHECK(server.slept > 0);
    }
}

/* Two thirds stay at the server, which so has always something to do. */
static void a_third_of_what_is_awaited_is_slept_for(void)
{
    server few = run(12, 10 * US, 1 * US);

    CHECK(few.slept > 0);
    CHECK(few.slept / few.turns <= 45 * US);
}

static void answers_that_come_slowly_are_taken_as_they_come(void)
{
    CHECK_INT(run(64, 50 * US, 5 * US).slept, 0);
    CHECK_INT(run(64, 2000 * US, 5 * US).slept, 0);
}

static void a_worker_that_is_the_slower_one_does_not_sleep(void)
{
    CHECK_INT(run(64, 10 * US, 400 * US).slept, 0);
}

/* Ten wait for long, and one asks again and again: a sleep gives it one answer, so it is soon left
   alone but for a few. */
static void sleeps_that_bring_one_answer_each_are_given_up(void)
{
    server server = { .m = { .awaited = 11 }, .now = 1 };

    for (int i = 0; i < 4000; i++) {
        uint64_t nap = nu__moderation_nap(&server.m, &rule, server.now);

        server.slept += nap > 0;
        server.now += nap + 15 * US;
        server.m.came = 1;
    }
    CHECK(server.slept > 0);
    CHECK(server.slept < 1000);
}

static void no_more_than_enough_is_slept_for(void)
{
    static const nu__moderation_rule all = { .share = 1, .enough = 4, .most = MOST };
    server server = { .m = { .awaited = 64, .last = 1, .turn = 10 * US, .batch = 1 },
                      .now = 10 * US };

    CHECK(nu__moderation_nap(&server.m, &all, server.now) <= 4 * 10 * US);
    server.m = (nu__moderation){ .awaited = 64, .last = 1, .turn = 10 * US, .batch = 1 };
    CHECK(nu__moderation_nap(&server.m, &rule, server.now) > 4 * 10 * US);
}

static void an_idle_time_says_nothing_of_the_pace(void)
{
    server server = run(64, 10 * US, 5 * US);
    double pace = server.m.turn;

    server.now += 3600ULL * 1000 * 1000 * US;
    CHECK_INT(nu__moderation_nap(&server.m, &rule, server.now), 0);
    CHECK(server.m.turn <= pace);
}

/* ---- in a loop ------------------------------------------------------------------------------- */

enum { PEERS = 64, QUESTIONS = 50 };

typedef struct peers {
    int ours[PEERS], theirs[PEERS];
    int right, ended;
} peers;

static peers peers_of_test;

/* A question by its complement. false: the other side has hung up. */
static bool answer_one(int fd)
{
    unsigned char byte;

    if (read(fd, &byte, 1) != 1)
        return false;
    byte = (unsigned char)~byte;
    return write(fd, &byte, 1) == 1;
}

/* On a thread, until all have hung up. */
static void *answer_all(void *arg)
{
    peers *peers = arg;
    struct pollfd items[PEERS];
    int left = PEERS;

    for (int i = 0; i < PEERS; i++)
        items[i] = (struct pollfd){ .fd = peers->theirs[i], .events = POLLIN };
    while (left) {
        poll(items, PEERS, -1);
        for (int i = 0; i < PEERS; i++) {
            if (!items[i].revents)
                continue;
            if (!answer_one(items[i].fd)) {
                close(items[i].fd);
                items[i].fd = -1;
                left--;
            }
        }
    }
    return NULL;
}

static pthread_t start_peers(peers *peers)
{
    pthread_t thread;

    *peers = (struct peers){ 0 };
    for (int i = 0; i < PEERS; i++) {
        int both[2];

        CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, both) == 0);
        peers->ours[i] = both[0];
        peers->theirs[i] = both[1];
    }
    CHECK(pthread_create(&thread, NULL, answer_all, peers) == 0);
    return thread;
}

typedef struct asking {
    nu__watch *watch;
    int fd;
} asking;

static void hang_up(void *arg)
{
    asking *asking = arg;

    nu__watch_close(asking->watch);
    close(asking->fd);
    peers_of_test.ended++;
}

static bool ask(const asking *asking, unsigned char question)
{
    unsigned char answer;

    CHECK(write(asking->fd, &question, 1) == 1);
    nu__watch_wait(asking->watch, NU__READABLE, NU__FOREVER);
    return read(asking->fd, &answer, 1) == 1 && answer == (unsigned char)~question;
}

static asking *start_asking(void *number)
{
    asking *asking = nu_alloc(struct asking);

    asking->fd = peers_of_test.ours[(intptr_t)number];
    asking->watch = nu__watch_open(asking->fd);
    nu__watch_answers(asking->watch);
    nu_on_fiber_end(hang_up, asking);
    return asking;
}

static void ask_often(void *number)
{
    const asking *asking = start_asking(number);

    for (int i = 0; i < QUESTIONS; i++)
        peers_of_test.right += ask(asking, (unsigned char)((intptr_t)number + i));
}

/* Until it is cancelled. */
static void ask_for_ever(void *number)
{
    const asking *asking = start_asking(number);

    for (unsigned char i = 0;; i++)
        peers_of_test.right += ask(asking, i);
}

static void await_ends(void)
{
    while (peers_of_test.ended < PEERS)
        nu_sleep(0.001);
}

static void each_of_many_fibers_gets_its_own_answers(void)
{
    pthread_t thread = start_peers(&peers_of_test);

    for (intptr_t i = 0; i < PEERS; i++)
        nu__fiber_spawn("asking", ask_often, (void *)i);
    await_ends();
    pthread_join(thread, NULL);
    CHECK_INT(peers_of_test.right, PEERS * QUESTIONS);
}

static void a_fiber_that_waits_for_an_answer_can_be_cancelled(void)
{
    pthread_t thread = start_peers(&peers_of_test);
    nu__fiber *fibers[PEERS];

    for (intptr_t i = 0; i < PEERS; i++)
        fibers[i] = nu__fiber_spawn("asking", ask_for_ever, (void *)i);
    while (peers_of_test.right < PEERS * 10)
        nu_sleep(0.001);
    for (int i = 0; i < PEERS; i++)
        nu__fiber_cancel(fibers[i]);
    await_ends();
    pthread_join(thread, NULL);
    CHECK_INT(peers_of_test.ended, PEERS);
}

/* ---- requests of clients --------------------------------------------------------------------- */

static uint64_t asked[100];

static void ask_of(size_t n)
{
    for (size_t i = 0; i < n; i++)
        nu__request_came(&asked[i]);
}

/* A window that begins at `ms`. */
static nu__clients *open_window(uint64_t ms)
{
    nu__clients *clients = &nu__loop_here->clients;

    *clients = (nu__clients){ .since = ms };
    memset(asked, 0, sizeof asked);
    return clients;
}

static void a_client_counts_once_however_often_it_asks(void)
{
    nu__clients *clients = open_window(1000);

    for (int i = 0; i < 5; i++)
        ask_of(40);
    CHECK_INT(clients->now, 40);
    CHECK_INT(nu__clients_expected(clients, 1001), 40);
}

static void few_clients_are_not_waited_for(void)
{
    nu__clients *clients = open_window(1000);

    ask_of(31);
    CHECK_INT(nu__clients_expected(clients, 1001), 0);
    ask_of(32);
    CHECK_INT(nu__clients_expected(clients, 1001), 32);
}

static void clients_are_expected_for_a_window_more_and_then_forgotten(void)
{
    nu__clients *clients = open_window(1000);

    ask_of(64);
    CHECK_INT(nu__clients_expected(clients, 1002), 64);
    ask_of(50);
    CHECK_INT(clients->now, 50);
    CHECK_INT(nu__clients_expected(clients, 1003), 64);
    CHECK_INT(nu__clients_expected(clients, 1004), 50);
    CHECK_INT(nu__clients_expected(clients, 1006), 0);
}

static void what_was_asked_before_an_idle_time_is_not_expected_again(void)
{
    nu__clients *clients = open_window(1000);

    ask_of(64);
    CHECK_INT(nu__clients_expected(clients, 5000), 0);
}

/* 64 clients, a request each 10 us: how long the loop slept. Again where the test is held up. */
static uint64_t sleep_between_requests(int tries)
{
    nu__loop_state *loop = nu__loop_here;
    nu__moderation *m = &loop->moderated[NU__REQUESTS];

    do {
        open_window(uv_now(&loop->uv));
        ask_of(64);
        *m = (nu__moderation){ .last = uv_hrtime(), .turn = 10 * US, .batch = 1 };
        nu__moderate(loop);
    } while (!m->slept && --tries);
    return m->slept;
}

static void thick_requests_are_slept_for_unless_the_limit_is_none(void)
{
    CHECK(sleep_between_requests(1000) > 0);
    nu__moderation_limit(NU__REQUESTS, "REQUEST_DELAY", 0);
    CHECK_INT(sleep_between_requests(3), 0);
    nu__moderation_limit(NU__REQUESTS, "REQUEST_DELAY", 100);
}

static void a_limit_beyond_a_millisecond_is_refused_by_the_settings_name(void)
{
    CHECK_RAISES(NU_IMPROPERLY_CONFIGURED,
                 "The REQUEST_DELAY setting is 1001 microseconds; it may be at most 1000",
                 nu__moderation_limit(NU__REQUESTS, "REQUEST_DELAY", 1001));
    nu__moderation_limit(NU__REQUESTS, "REQUEST_DELAY", 1000);
    nu__moderation_limit(NU__REQUESTS, "REQUEST_DELAY", 100);
}

static void without_a_limit_nothing_sleeps(void)
{
    nu__moderation_limit(NU__ANSWERS, "DATABASE_ANSWER_DELAY", 0);
    each_of_many_fibers_gets_its_own_answers();
    nu__moderation_limit(NU__ANSWERS, "DATABASE_ANSWER_DELAY", 100);
    CHECK_INT(nu__moderation_nap(&(nu__moderation){ .awaited = 64, .last = 1, .batch = 1 },
                                 &(nu__moderation_rule){ .share = 3, .enough = 16 }, 2),
              0);
}

HARNESS_IN_FIBER(few_answers_are_taken_as_they_come, many_answers_that_come_thick_are_slept_for,
                 no_sleep_is_longer_than_the_limit, a_third_of_what_is_awaited_is_slept_for,
                 answers_that_come_slowly_are_taken_as_they_come,
                 a_worker_that_is_the_slower_one_does_not_sleep,
                 sleeps_that_bring_one_answer_each_are_given_up, no_more_than_enough_is_slept_for,
                 an_idle_time_says_nothing_of_the_pace, each_of_many_fibers_gets_its_own_answers,
                 a_fiber_that_waits_for_an_answer_can_be_cancelled,
                 a_client_counts_once_however_often_it_asks, few_clients_are_not_waited_for,
                 clients_are_expected_for_a_window_more_and_then_forgotten,
                 what_was_asked_before_an_idle_time_is_not_expected_again,
                 thick_requests_are_slept_for_unless_the_limit_is_none,
                 a_limit_beyond_a_millisecond_is_refused_by_the_settings_name,
                 without_a_limit_nothing_sleeps)
