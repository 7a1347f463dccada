#include "hostile_scripts.h"

#include <nuages/errors.h>
#include <nuages/strings.h>

void hostile_cuts(nu_str script, hostile_check *check)
{
    for (size_t len = 0; len < script.len; len++) {
        nu_scratch_scope();

        check(nu_copy(nu__sub(script, 0, len)), len);
    }
}

static void change(nu_str script, size_t at, uint8_t other, hostile_check *check)
{
    nu_scratch_scope();
    nu_str changed = nu_copy(script);

    ((char *)(uintptr_t)changed.ptr)[at] = (char)other;
    check(changed, at);
}

void hostile_changes(nu_str script, const uint8_t *others, size_t n, hostile_check *check)
{
    for (size_t at = 0; at < script.len; at++)
        for (size_t i = 0; i < n; i++)
            change(script, at, others[i], check);
}
