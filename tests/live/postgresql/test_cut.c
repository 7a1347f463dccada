#include "pg.h"

static void each_message_may_be_the_last(void)
{
    static const cut_sql sql = { "INSERT INTO cut VALUES ($1)", "SELECT $1::int + 1" };

    pg_database("");
    cut_everywhere(&sql);
}

HARNESS_LIVE(each_message_may_be_the_last)
