#include "harness.h"

#include "db/statement_cache.h"

#include <stdlib.h>

typedef struct statement {
    nu__cached_statement entry;
    int number;
} statement;

static nu__statement_cache cache;

static statement *added(nu_str sql, int number)
{
    statement *made = nu__statement_new(sizeof *made, sql);

    made->number = number;
    nu__statement_add(&cache, &made->entry);
    return made;
}

static void removed(statement *statement)
{
    nu__statement_remove(&cache, &statement->entry);
    free(statement);
}

static void emptied(void)
{
    while (cache.newest)
        removed((statement *)(void *)cache.newest);
    CHECK_INT(cache.n, 0);
}

static int number_of(const nu__cached_statement *entry)
{
    return entry ? ((const statement *)(const void *)entry)->number : -1;
}

/* Past the number of buckets, so that many share one. */
static void every_text_is_found_among_many(void)
{
    enum { MANY = 3 * NU__STATEMENT_BUCKETS };
    bool all = true;

    for (int i = 0; i < MANY; i++)
        added(nu_fmt("SELECT {}", i), i);
    for (int i = 0; i < MANY; i++)
        all &= number_of(nu__statement_find(&cache, nu_fmt("SELECT {}", i))) == i;
    CHECK(all);
    CHECK(!nu__statement_find(&cache, S("SELECT")));
    CHECK(!nu__statement_find(&cache, S("SELECT 10 ")));
    CHECK(!nu__statement_find(&cache, S("S")));
    emptied();
    CHECK(!nu__statement_find(&cache, S("SELECT 1")));
}

static void those_of_one_text_come_by_their_last_use(void)
{
    statement *first = added(S("a"), 1), *second = added(S("a"), 2);
    const nu__cached_statement *found;

    added(S("b"), 3);
    nu__statement_use(&cache, &first->entry);
    found = nu__statement_find(&cache, S("a"));
    CHECK_INT(number_of(found), 1);
    found = nu__statement_next(found);
    CHECK_INT(number_of(found), 2);
    CHECK(!nu__statement_next(found));
    removed(first);
    CHECK(nu__statement_find(&cache, S("a")) == &second->entry);
    emptied();
}

static void what_is_in_use_is_not_taken_again(void)
{
    const statement *first = added(S("a"), 1), *second = added(S("a"), 2);
    nu__cached_statement *taken = nu__statement_take(&cache, S("a"));

    CHECK(taken == &second->entry);
    CHECK(nu__statement_take(&cache, S("a")) == &first->entry);
    CHECK(!nu__statement_take(&cache, S("a")));
    taken->users = 0;
    CHECK(nu__statement_take(&cache, S("a")) == taken);
    emptied();
}

static void who_was_used_longest_ago_makes_room_unless_it_is_in_use(void)
{
    statement *oldest = added(S("a"), 1), *next = added(S("b"), 2);

    added(S("c"), 3);
    CHECK(nu__statement_oldest_idle(&cache) == &oldest->entry);
    oldest->entry.users = 1;
    CHECK(nu__statement_oldest_idle(&cache) == &next->entry);
    oldest->entry.users = 0;
    nu__statement_use(&cache, &oldest->entry);
    CHECK(nu__statement_oldest_idle(&cache) == &next->entry);
    nu__statement_take(&cache, S("a"));
    nu__statement_take(&cache, S("b"));
    nu__statement_take(&cache, S("c"));
    CHECK(!nu__statement_oldest_idle(&cache));
    emptied();
}

HARNESS(every_text_is_found_among_many, those_of_one_text_come_by_their_last_use,
        what_is_in_use_is_not_taken_again, who_was_used_longest_ago_makes_room_unless_it_is_in_use)
