#include "core/suggest.h"
#include "core/text.h"
#include "test/runner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REMEMBERED ".nuages-failed"

/* ---- what matches ---------------------------------------------------------------------------- */

static bool has_tag(const nu_test_def *def, const nu_list *wanted)
{
    for (size_t i = 0; i < 8 && def->tags[i]; i++)
        for (size_t k = 0; k < nu_list_len(wanted); k++)
            if (nu_eq(nu_at(wanted, k).s, def->tags[i]))
                return true;
    return false;
}

/* "registry", "registry.a_student_is_listed", "registry.tests.a_student_is_listed", or the name. */
static bool is_meant(const nu__chosen *test, nu_str app_label, nu_str label)
{
    return nu_eq_(label, app_label) || nu_eq_(label, test->label) ||
           nu_eq(label, test->def->name) || nu_eq(label, test->app->name) ||
           nu_eq_(label, nu_fmt("{}.tests", app_label)) ||
           nu_eq_(label, nu_fmt("{}.tests.{}", app_label, test->def->name));
}

/* A part of the label; with * and ? the whole of it, as unittest's -k. */
static bool fits(nu_str text, nu_str pattern)
{
    size_t t = 0, p = 0, star = SIZE_MAX, from = 0;

    if (nu__find(pattern, S("*")) < 0 && nu__find(pattern, S("?")) < 0)
        return nu__find(text, pattern) >= 0;
    while (t < text.len) {
        if (p < pattern.len && (pattern.ptr[p] == '?' || pattern.ptr[p] == text.ptr[t])) {
            t++;
            p++;
        } else if (p < pattern.len && pattern.ptr[p] == '*') {
            star = p++;
            from = t;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            t = ++from;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.ptr[p] == '*')
        p++;
    return p == pattern.len;
}

static bool fits_any(nu_str text, const nu_list *patterns)
{
    for (size_t i = 0; i < nu_list_len(patterns); i++)
        if (fits(text, nu_at(patterns, i).s))
            return true;
    return false;
}

/* ---- the last failed ------------------------------------------------------------------------- */

static bool is_listed(nu_str label, const nu_list *labels)
{
    for (size_t i = 0; i < nu_list_len(labels); i++)
        if (nu_eq_(label, nu_at(labels, i).s))
            return true;
    return false;
}

static nu_list *all_labels(void)
{
    nu_list *labels = nu_list_new();
    size_t n;
    const nu__app_config *apps = nu__apps(&n);

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < 16 && apps[i].app->tests[k]; k++)
            for (const nu_test_def *const *at = apps[i].app->tests[k]; *at; at++)
                nu_list_append(labels, nu_fmt("{}.{}", apps[i].label, (*at)->name));
    return labels;
}

/* The names in the file that are still tests. */
static nu_list *remembered(void)
{
    nu_list *names = nu_list_new(), *all = all_labels();
    FILE *file = fopen(REMEMBERED, "re");
    char line[512];

    while (file && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        if (is_listed(nu_s(line), all))
            nu_list_append(names, nu_copy_cstr(line));
    }
    if (file)
        fclose(file);
    return names;
}

static bool has_run(const nu__tests *tests, nu_str label)
{
    for (size_t i = 0; i < tests->n; i++)
        if (tests->items[i].ran && nu_eq_(tests->items[i].label, label))
            return true;
    return false;
}

/* Those that failed now, and of the earlier ones those that did not run: nobody mended them yet. */
static nu_list *still_failing(const nu__tests *tests)
{
    nu_list *names = nu_list_new(), *before = remembered();

    for (size_t i = 0; i < nu_list_len(before); i++)
        if (!has_run(tests, nu_at(before, i).s))
            nu_list_append(names, nu_at(before, i).s);
    for (size_t i = 0; i < tests->n; i++) {
        nu__outcome outcome = tests->items[i].outcome;

        if (tests->items[i].ran && nu__outcome_is_bad(outcome))
            nu_list_append(names, tests->items[i].label);
    }
    return names;
}

void nu__tests_remember(const nu__tests *tests)
{
    nu_list *names = still_failing(tests);
    FILE *file;

    if (!nu_list_len(names)) {
        remove(REMEMBERED);
        return;
    }
    file = fopen(REMEMBERED, "we");
    if (!file)
        nu_raise(NU_OS_ERROR, "the names of what failed could not be kept in " REMEMBERED ": {}",
                 (const char *)strerror(errno));
    for (size_t i = 0; i < nu_list_len(names); i++)
        fprintf(file, "%s\n", nu_at(names, i).s.ptr);
    fclose(file);
}

/* ---- choosing -------------------------------------------------------------------------------- */

static bool is_wanted(const nu__chosen *test, nu_str app_label, const nu__test_options *o,
                      const nu_list *failed, bool *used)
{
    bool meant = !nu_list_len(o->labels);

    for (size_t i = 0; i < nu_list_len(o->labels); i++)
        if (is_meant(test, app_label, nu_at(o->labels, i).s))
            meant = used[i] = true;
    return meant && (!nu_list_len(o->tags) || has_tag(test->def, o->tags)) &&
           !has_tag(test->def, o->exclude_tags) &&
           (!nu_list_len(o->patterns) || fits_any(test->label, o->patterns)) &&
           (!failed || is_listed(test->label, failed));
}

static void add(nu__tests *tests, nu__chosen test)
{
    if (!(tests->n & (tests->n - 1))) { /* full at each power of two */
        nu__chosen *more = nu_alloc_array(nu__chosen, tests->n ? tests->n * 2 : 1);

        if (tests->n)
            memcpy(more, tests->items, tests->n * sizeof *more);
        tests->items = more;
    }
    tests->items[tests->n++] = test;
}

static void reverse(nu__tests *tests)
{
    for (size_t i = 0; i < tests->n / 2; i++) {
        nu__chosen swapped = tests->items[i];

        tests->items[i] = tests->items[tests->n - 1 - i];
        tests->items[tests->n - 1 - i] = swapped;
    }
}

/* The same order for the same seed, on every machine. */
static void shuffle(nu__tests *tests, uint64_t seed)
{
    for (size_t i = tests->n; i > 1; i--) {
        nu__chosen swapped = tests->items[i - 1];
        size_t k;

        seed = seed * 6364136223846793005u + 1442695040888963407u;
        k = (size_t)((seed >> 33) % i);
        tests->items[i - 1] = tests->items[k];
        tests->items[k] = swapped;
    }
}

/* Those with a transaction first, as Django orders them: the others empty the tables. */
static void transactions_last(nu__tests *tests)
{
    nu__tests sorted = { 0 };

    for (int last = 0; last < 2; last++)
        for (size_t i = 0; i < tests->n; i++)
            if (tests->items[i].def->transactions == (bool)last)
                add(&sorted, tests->items[i]);
    *tests = sorted;
}

static NU_NORETURN void unknown_label(nu_str label)
{
    size_t n, known = 0;
    const nu__app_config *apps = nu__apps(&n);
    const char *names[256];

    for (size_t i = 0; i < n && known < 256; i++)
        for (size_t k = 0; k < 16 && apps[i].app->tests[k]; k++)
            for (const nu_test_def *const *at = apps[i].app->tests[k]; *at && known < 256; at++)
                names[known++] = (*at)->name;
    for (size_t i = 0; i < n && known < 256; i++)
        names[known++] = apps[i].label.ptr;
    nu_raise(NU_COMMAND_ERROR, "'{}' is no app and no test.{}", label,
             nu__suggestion(label, names, known));
}

nu__tests nu__tests_select(const nu__test_options *options)
{
    size_t n;
    const nu__app_config *apps = nu__apps(&n);
    nu_list *failed = options->last_failed ? remembered() : NULL;
    bool *used = nu_alloc_array(bool, nu_list_len(options->labels) + 1);
    nu__tests tests = { 0 };

    if (!nu_list_len(failed))
        failed = NULL; /* all again */
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < 16 && apps[i].app->tests[k]; k++)
            for (const nu_test_def *const *at = apps[i].app->tests[k]; *at; at++) {
                nu__chosen test = { .def = *at,
                                    .app = apps[i].app,
                                    .label = nu_fmt("{}.{}", apps[i].label, (*at)->name) };

                if (is_wanted(&test, apps[i].label, options, failed, used))
                    add(&tests, test);
            }
    for (size_t i = 0; i < nu_list_len(options->labels); i++)
        if (!used[i] && !failed)
            unknown_label(nu_at(options->labels, i).s);
    if (options->shuffle)
        shuffle(&tests, (uint64_t)options->seed);
    transactions_last(&tests);
    if (options->reverse)
        reverse(&tests);
    return tests;
}
