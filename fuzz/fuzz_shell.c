/* Any text is code that ends: with a value, whose texts are valid, or with an error that has a
   class and a valid text; it says the same when it runs again; and the prompt can tell whether it
   is complete. */
#include "cli/shell/evaluator.h"
#include "cli/shell/limits.h"
#include "core/context.h"
#include "core/time.h"
#include "target.h"

enum { MOST_STEPS = 20000 };

void fuzz_prepare(void)
{
    nu__clock_stop_at(nu_datetime_of(2025, 6, 1, 12, 0, 0));
}

typedef struct outcome {
    nu_str repr, json, error;
} outcome;

static void run(outcome *out, nu_str code)
{
    nu__py value = nu__py_run(nu__py_plain_globals(), code);
    nu__buf json = { 0 };

    if (!nu__py_given(value))
        return;
    out->repr = nu__py_repr(value);
    nu__py_json(value, &json);
    out->json = nu__buf_str(&json);
}

static outcome outcome_of(nu_str code)
{
    outcome *out = nu_alloc(outcome);
    const nu_error *error;
    nu__py exception;

    nu__py_stop_after(MOST_STEPS);
    error = nu_catch(NU_EXCEPTION, run(out, code));
    nu__py_stop_after(0);
    if (error) {
        exception = nu__py_exception_of(error);
        FUZZ_CHECK(nu__py_is_a(exception.type, &nu__py_base_exception));
        nu__py_begin();
        *out = (outcome){ .error = nu_fmt("{}: {}", exception.type->name, nu__py_text(exception)) };
    }
    return *out;
}

static bool holds(nu_str text, const char *word)
{
    return nu__find(text, nu_s(word)) >= 0;
}

FUZZ_TARGET(shell)
{
    nu_str code = fuzz_as_utf8(input);
    outcome first, second;

    if (holds(code, "print"))
        return; /* the program's output is for findings */
    nu__arena_set_cap(nu__here->arena, 32 << 20);
    (void)nu__py_needs_more(code);
    first = outcome_of(code);
    FUZZ_UTF8(first.repr);
    FUZZ_UTF8(first.json);
    FUZZ_UTF8(first.error);
    if (holds(code, "uuid4") || holds(first.error, "MemoryError"))
        return; /* chance, and what is left of the memory, have a say in these */
    second = outcome_of(code);
    if (holds(second.error, "MemoryError"))
        return;
    FUZZ_SAME(second.repr, first.repr);
    FUZZ_SAME(second.error, first.error);
}
