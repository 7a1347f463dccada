/* What a server of MariaDB's says on a shared connection: each question ends, by rows or by an
   error of the database whose text is valid; what was answered is not mixed with what was not. */
#include "loop/loop.h"
#include "mysql_asking.h"
#include "target.h"

static void check(const mysql_asked *asked)
{
    if (!asked->failed)
        return;
    FUZZ_CHECK(nu_error_is_a(asked->raised, NU_DATABASE_ERROR) ||
               nu_error_is_a(asked->raised, NU_INTERFACE_ERROR));
    FUZZ_CHECK(!nu_error_is_a(asked->raised, NU_MEMORY_ERROR));
    FUZZ_UTF8(nu_s(asked->message));
}

static int run(void *input)
{
    mysql_asked asked[MYSQL_ASKED];

    mysql_ask_all(*(nu_str *)input, asked);
    for (int i = 0; i < MYSQL_ASKED; i++)
        check(&asked[i]);
    return 0;
}

FUZZ_TARGET(mysql)
{
    FUZZ_CHECK(nu__loop_main(run, &input) == 0);
}
