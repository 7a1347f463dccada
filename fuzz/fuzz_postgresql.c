/* What a server of PostgreSQL's says: each question ends, by rows or by an error of the database
   whose text is valid. */
#include "loop/loop.h"
#include "postgresql_asking.h"
#include "target.h"

static void check(const postgresql_asked *asked)
{
    if (!asked->failed)
        return;
    FUZZ_CHECK(nu_error_is_a(asked->raised, NU_DATABASE_ERROR) ||
               nu_error_is_a(asked->raised, NU_INTERFACE_ERROR));
    FUZZ_UTF8(nu_s(asked->message));
}

static int run(void *input)
{
    postgresql_asked asked[POSTGRESQL_ASKED];

    postgresql_ask_all(*(nu_str *)input, asked);
    for (int i = 0; i < POSTGRESQL_ASKED; i++)
        check(&asked[i]);
    return 0;
}

FUZZ_TARGET(postgresql)
{
    FUZZ_CHECK(nu__loop_main(run, &input) == 0);
}
