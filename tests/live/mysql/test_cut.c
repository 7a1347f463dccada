#include "maria.h"

static void each_packet_may_be_the_last(void)
{
    static const cut_sql sql = { "INSERT INTO cut (n) VALUES (?)", "SELECT ? + 1" };

    maria_fresh("");
    cut_everywhere(&sql);
}

HARNESS_LIVE(each_packet_may_be_the_last)
