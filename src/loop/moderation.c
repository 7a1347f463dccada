#include "loop/moderation.h"

#include "core/error.h"
#include "loop/fiber_int.h"

#include <sys/prctl.h>
#include <time.h>

/* FEW: with fewer awaited each is taken as it comes. PAYS: a sleep that would bring fewer at the
   limit is not worth its own cost. REST: so many turns without one when the last SLEEPS have not
   brought half of that. MEMORY: turns in the means. */
enum { FEW = 8, PAYS = 3, SLEEPS = 8, REST = 64, MEMORY = 16 };

/* CROWD: fewer clients that ask again and again would wait for each other. */
enum { CROWD = 32, WINDOW_MS = 2 };

/* Nanoseconds. A turn past LONG_NS tells of an idle or crowded machine, not of the server's pace.
 */
enum { LEAST_NS = 10 * 1000, LONG_NS = 1000 * 1000, SLACK_NS = 1000 };

enum { LONGEST_US = 1000 };

/* Two thirds of the answers stay at the server, which so has something to do meanwhile; clients
   have more to do than to ask. */
static nu__moderation_rule rules[NU__MODERATED] = {
    [NU__ANSWERS] = { .share = 3, .enough = 16, .most = 100 * 1000 },
    [NU__REQUESTS] = { .share = 2, .enough = 32, .most = 100 * 1000 },
};

void nu__moderation_limit(nu__moderated what, const char *setting, int64_t microseconds)
{
    if (microseconds > LONGEST_US)
        nu_raise(NU_IMPROPERLY_CONFIGURED,
                 "The {} setting is {} microseconds; it may be at most {}, and 0 turns the delay "
                 "off.",
                 setting, microseconds, (int64_t)LONGEST_US);
    rules[what].most = (uint64_t)microseconds * 1000;
}

/* ---- who waits -------------------------------------------------------------------------------
 */

void nu__answer_awaited(void)
{
    if (nu__loop_here)
        nu__loop_here->moderated[NU__ANSWERS].awaited++;
}

void nu__answer_came(void)
{
    if (!nu__loop_here)
        return;
    nu__loop_here->moderated[NU__ANSWERS].awaited--;
    nu__loop_here->moderated[NU__ANSWERS].came++;
}

void nu__request_came(uint64_t *asked)
{
    nu__loop_state *loop = nu__loop_here;

    loop->moderated[NU__REQUESTS].came++;
    if (*asked == loop->clients.since)
        return;
    *asked = loop->clients.since;
    loop->clients.now++;
}

uint32_t nu__clients_expected(nu__clients *clients, uint64_t ms)
{
    uint32_t most;

    if (ms - clients->since >= WINDOW_MS) {
        clients->before = ms - clients->since < 2 * WINDOW_MS ? clients->now : 0;
        clients->now = 0;
        clients->since = ms;
    }
    most = clients->now > clients->before ? clients->now : clients->before;
    return most < CROWD ? 0 : most;
}

/* ---- how long ----------------------------------------------------------------------------------
 */

/* Has sleeping brought what it costs, of late? */
static void note_sleep(nu__moderation *m)
{
    if (!m->slept)
        return;
    m->brought += (m->came - m->brought) / SLEEPS;
    if (m->brought >= PAYS / 2.0)
        return;
    m->rest = REST;
    m->brought = PAYS;
}

/* Take the turn that ends now into the means; how long it has worked. */
static double note_turn(nu__moderation *m, uint64_t now)
{
    double took = (double)(now - m->last), worked = took - (double)m->slept;

    if (took < LONG_NS) {
        m->turn += (took - m->turn) / MEMORY;
        m->batch += (m->came - m->batch) / MEMORY;
    }
    m->last = now;
    m->came = 0;
    m->slept = 0;
    return worked;
}

uint64_t nu__moderation_nap(nu__moderation *m, const nu__moderation_rule *rule, uint64_t now)
{
    double goal = (double)m->awaited / rule->share, most = (double)rule->most, nap, worked;

    if (m->awaited < FEW || !m->last) {
        m->last = m->awaited < FEW ? 0 : now;
        m->slept = m->came = 0;
        return 0;
    }
    note_sleep(m);
    worked = note_turn(m, now);
    if (m->rest && m->rest--)
        return 0;
    if (m->turn * PAYS > m->batch * most)
        return 0;
    nap = (goal < rule->enough ? goal : rule->enough) * m->turn / m->batch - worked;
    if (!(nap >= LEAST_NS))
        return 0;
    m->slept = (uint64_t)(nap < most ? nap : most);
    return m->slept;
}

/* The kernel may let a sleep last 50 us longer where the thread does not ask for less; children
   would inherit what it asks for. */
static void sleep_ns(uint64_t ns)
{
    prctl(PR_SET_TIMERSLACK, (unsigned long)SLACK_NS);
    nanosleep(&(struct timespec){ .tv_nsec = (long)ns }, NULL);
    prctl(PR_SET_TIMERSLACK, 0UL);
}

static bool any_awaited(nu__loop_state *loop)
{
    nu__moderation *all = loop->moderated;

    all[NU__REQUESTS].awaited = nu__clients_expected(&loop->clients, uv_now(&loop->uv));
    return all[NU__ANSWERS].awaited || all[NU__REQUESTS].awaited;
}

void nu__moderate(nu__loop_state *loop)
{
    uint64_t now, nap, longest = 0;

    if (!any_awaited(loop))
        return;
    now = uv_hrtime();
    for (int i = 0; i < NU__MODERATED; i++) {
        nap = rules[i].most ? nu__moderation_nap(&loop->moderated[i], &rules[i], now) : 0;
        longest = nap > longest ? nap : longest;
    }
    if (!longest)
        return;
    for (int i = 0; i < NU__MODERATED; i++)
        loop->moderated[i].slept = longest;
    sleep_ns(longest);
}
