#include "db/interrupt.h"

#include <stddef.h>

static const nu__db_interrupt *heeded;

void nu__db_heed(const nu__db_interrupt *interrupt)
{
    heeded = interrupt;
}

bool nu__db_interrupt_asked(void)
{
    return heeded && heeded->asked();
}

void nu__db_give_up(void)
{
    if (nu__db_interrupt_asked())
        heeded->give_up();
}
