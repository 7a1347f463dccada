/* How the tests went, as unittest and Django tell it. */
#include "core/buf.h"
#include "test/runner.h"

#include <stdio.h>
#include <stdlib.h>

static const nu__test_options *options;

static const struct {
    char mark;
    const char *word, *title, *colour;
} outcomes[NU__TEST_OUTCOMES] = {
    [NU__TEST_PASSED] = { '.', "ok", NULL, "\033[32m" },
    [NU__TEST_FAILED] = { 'F', "FAIL", "FAIL", "\033[31m" },
    [NU__TEST_ERROR] = { 'E', "ERROR", "ERROR", "\033[31m" },
    [NU__TEST_SKIPPED] = { 's', "skipped", NULL, "\033[33m" },
    [NU__TEST_EXPECTED] = { 'x', "expected failure", NULL, "\033[33m" },
    [NU__TEST_UNEXPECTED] = { 'u', "unexpected success", "UNEXPECTED SUCCESS", "\033[31m" },
};

static const char rule[] = "======================================================================";
static const char line[] = "----------------------------------------------------------------------";

/* Everything but the counts goes to standard error, as unittest's. */
static void print(nu_str text)
{
    fwrite(text.ptr, 1, text.len, stderr);
}

static void print_coloured(const char *colour, nu_str text)
{
    print(options->colour ? nu_fmt("{}{}\033[0m", colour, text) : text);
}

void nu__report_begin(const nu__tests *tests, const nu__test_options *with)
{
    options = with;
    if (options->verbosity >= 1)
        print(nu_fmt("Found {} test(s).\n", tests->n));
    if (options->shuffle)
        print(nu_fmt("Using shuffle seed: {}\n", options->seed));
}

void nu__report_one(const nu__chosen *test)
{
    nu__outcome outcome = test->outcome;

    if (options->verbosity >= 2) {
        print(nu_fmt("{} ... ", test->label));
        print_coloured(outcomes[outcome].colour, nu_s(outcomes[outcome].word));
        print(outcome == NU__TEST_SKIPPED ? nu_fmt(" '{}'\n", test->told) : S("\n"));
        if (outcome == NU__TEST_PASSED && test->told.len) /* its statements */
            print(nu_fmt("{}{}\n", test->told, line));
    } else if (options->verbosity == 1) {
        print_coloured(outcomes[outcome].colour, (nu_str){ &outcomes[outcome].mark, 1 });
    }
}

static void print_failures(const nu__tests *tests, nu__outcome which)
{
    for (size_t i = 0; i < tests->n; i++) {
        const nu__chosen *test = &tests->items[i];

        if (!test->ran || test->outcome != which)
            continue;
        print(nu_fmt("{}\n", rule));
        print_coloured(outcomes[which].colour,
                       nu_fmt("{}: {} ({}:{})", outcomes[which].title, test->label,
                              nu__test_path(test->def->file), (int64_t)test->def->line));
        print(nu_fmt("\n{}\n{}\n", line, test->told));
    }
}

static size_t count(const nu__tests *tests, nu__outcome outcome)
{
    size_t n = 0;

    for (size_t i = 0; i < tests->n; i++)
        n += tests->items[i].ran && tests->items[i].outcome == outcome;
    return n;
}

static int by_seconds(const void *a, const void *b)
{
    double one = (*(const nu__chosen *const *)a)->seconds,
           two = (*(const nu__chosen *const *)b)->seconds;

    return (one < two) - (one > two);
}

static void print_durations(const nu__tests *tests)
{
    const nu__chosen **sorted = nu_alloc_array(const nu__chosen *, tests->n + 1);
    size_t n = 0;

    for (size_t i = 0; i < tests->n; i++)
        if (tests->items[i].ran)
            sorted[n++] = &tests->items[i];
    qsort(sorted, n, sizeof *sorted, by_seconds);
    print(nu_fmt("\nSlowest test durations\n{}\n", line));
    for (size_t i = 0; i < n && i < (size_t)options->durations; i++)
        print(nu_fmt("{:.3f}s     {}\n", sorted[i]->seconds, sorted[i]->label));
    print(S("\n"));
}

static void add_count(nu__buf *out, const char *what, size_t n)
{
    if (n)
        nu__buf_fmt(out, "{}{}={}", out->len ? ", " : "", what, n);
}

int nu__report_end(const nu__tests *tests, double seconds)
{
    size_t failures = count(tests, NU__TEST_FAILED), errors = count(tests, NU__TEST_ERROR),
           skipped = count(tests, NU__TEST_SKIPPED), expected = count(tests, NU__TEST_EXPECTED),
           unexpected = count(tests, NU__TEST_UNEXPECTED),
           ran =
               failures + errors + skipped + expected + unexpected + count(tests, NU__TEST_PASSED);
    bool failed = failures || errors || unexpected;
    nu__buf counts = { 0 };

    if (options->verbosity == 1)
        print(S("\n"));
    print_failures(tests, NU__TEST_ERROR);
    print_failures(tests, NU__TEST_FAILED);
    print_failures(tests, NU__TEST_UNEXPECTED);
    if (options->durations)
        print_durations(tests);
    print(nu_fmt("{}\nRan {} test{} in {:.3f}s\n\n", line, ran, ran == 1 ? "" : "s", seconds));
    add_count(&counts, "failures", failures);
    add_count(&counts, "errors", errors);
    add_count(&counts, "skipped", skipped);
    add_count(&counts, "expected failures", expected);
    add_count(&counts, "unexpected successes", unexpected);
    print_coloured(failed ? "\033[31;1m" : "\033[32;1m", failed ? S("FAILED")
                                                         : ran  ? S("OK")
                                                                : S("NO TESTS RAN"));
    print(counts.len ? nu_fmt(" ({})\n", nu__buf_str(&counts)) : S("\n"));
    return failed || !ran;
}
