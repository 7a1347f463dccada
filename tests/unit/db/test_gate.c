/* Who waits at a full pool is let in by the order of arrival. */
#include "db/gate.h"

#include "harness_loop.h"
#include "loop/fiber.h"

#include <nuages/loop.h>
#include <string.h>

typedef struct guest {
    nu__gate *gate;
    const char *name;
    char *seen; /* the names of those let in, in order */
    double patience;
    nu__fiber *fiber;
} guest;

/* Let in, it stays for a while and goes. */
static void visit(void *arg)
{
    guest *guest = arg;

    guest->fiber = nu__fiber_current();
    if (!nu__gate_enter(guest->gate, nu__time() + guest->patience)) {
        strcat(guest->seen, "-");
        return;
    }
    strcat(guest->seen, guest->name);
    nu_sleep(0.002);
    nu__gate_leave(guest->gate);
}

static void all_gone(void)
{
    while (nu__fiber_count() > 1)
        nu_sleep(0.001);
}

static void the_longest_waiting_is_next(void)
{
    static const char *const names[] = { "a", "b", "c", "d", "e", "f", "g", "h" };
    char seen[16] = "";
    nu__gate gate = { .free = 1 };
    guest guests[8];

    for (int i = 0; i < 8; i++) {
        guests[i] = (guest){ &gate, names[i], seen, 10, NULL };
        nu__fiber_spawn("guest", visit, &guests[i]);
    }
    all_gone();
    CHECK_STR(nu_s(seen), "abcdefgh");
    CHECK_INT(gate.free, 1);
}

/* Neither who is cancelled in the line nor who gives up keeps the others from coming in. */
static void who_leaves_the_line_keeps_nobody_waiting(void)
{
    static const char *const names[] = { "a", "b", "c", "d" };
    static const double patience[] = { 10, 10, 0.01, 10 };
    char seen[16] = "";
    nu__gate gate = { .free = 0 };
    guest guests[4];

    for (int i = 0; i < 4; i++) {
        guests[i] = (guest){ &gate, names[i], seen, patience[i], NULL };
        nu__fiber_spawn("guest", visit, &guests[i]);
    }
    while (nu__gate_waiting(&gate) < 4)
        nu_sleep(0.001);
    nu__fiber_cancel(guests[1].fiber);
    while (nu__gate_waiting(&gate) > 2)
        nu_sleep(0.001);
    nu__gate_leave(&gate);
    all_gone();
    CHECK_STR(nu_s(seen), "-ad");
    CHECK_INT(gate.free, 1);
}

/* Its place goes to the next in line. */
static void who_is_cancelled_when_just_let_in_hands_the_place_on(void)
{
    char seen[16] = "";
    nu__gate gate = { .free = 0 };
    guest first = { &gate, "a", seen, 10, NULL }, second = { &gate, "b", seen, 10, NULL };

    nu__fiber_spawn("first", visit, &first);
    nu__fiber_spawn("second", visit, &second);
    while (nu__gate_waiting(&gate) < 2)
        nu_sleep(0.001);
    nu__gate_leave(&gate);
    nu__fiber_cancel(first.fiber);
    all_gone();
    CHECK_STR(nu_s(seen), "b");
    CHECK_INT(gate.free, 1);
}

HARNESS_IN_FIBER(the_longest_waiting_is_next, who_leaves_the_line_keeps_nobody_waiting,
                 who_is_cancelled_when_just_let_in_hands_the_place_on)
