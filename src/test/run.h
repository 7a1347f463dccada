/**
 * @file
 * The test that is running: one at a time in a process.
 *
 *   nu__case_run               case.c: surroundings, fiber, body, what was left behind
 *     assertions               assert.c, assert_html.c, assert_response.c -> nu__test_failed()
 *     nu_client_request        client.c -> what was rendered, by response
 */
#pragma once
#include <nuages/test.h>

#include "core/buf.h"

typedef enum nu__outcome {
    NU__TEST_PASSED,
    NU__TEST_FAILED, /* an assertion */
    NU__TEST_ERROR,  /* an error that nobody caught, or something left behind */
    NU__TEST_SKIPPED,
    NU__TEST_EXPECTED,   /* it failed, as .expected_failure says */
    NU__TEST_UNEXPECTED, /* it passed, though .expected_failure */
    NU__TEST_OUTCOMES
} nu__outcome;

/* Does it fail the run? */
static inline bool nu__outcome_is_bad(nu__outcome outcome)
{
    return outcome == NU__TEST_FAILED || outcome == NU__TEST_ERROR ||
           outcome == NU__TEST_UNEXPECTED;
}

/* A template that was rendered for a response, with the variables that it had. */
typedef struct nu__rendering {
    nu_str name;
    const nu_dict *dict, *processed;
    struct nu__rendering *next;
} nu__rendering;

/* What the client keeps of a response beside it. */
typedef struct nu__exchange {
    const nu_response *response;
    nu_client *client;
    nu_str url; /* that it answers, without scheme and host */
    bool secure;
    int first_redirect; /* status of the first of those followed; 0: none was */
    nu__rendering *renderings;
    struct nu__exchange *next;
} nu__exchange;

typedef struct nu__factory_count {
    void (*factory)(void);
    int64_t n;
    struct nu__factory_count *next;
} nu__factory_count;

struct nu_test_run {
    const nu_test_def *def;
    nu__outcome outcome;
    nu__buf report; /* what failed, whole */
    nu__exchange *exchanges;
    nu__factory_count *sequences;
    nu__rendering **rendering; /* where the next goes; NULL: nobody asks */
    bool settings_changed;
    void *live; /* live.c's */
};

/* A source file as it is found from the project's folder: compilers run in a folder of its. */
nu_str nu__test_path(const char *file);

/* NULL between tests. */
extern nu_test_run *nu__test_running;

/* Note a failure and leave the test. */
NU_NORETURN void nu__test_failed(const nu_place *place, nu_str told);
/* repr() of a value as failures show it: texts of several lines as they stand. */
nu_str nu__test_shown(nu_value value);

/* What the client noted of the response. Raises ValueError where it is of no client. */
nu__exchange *nu__exchange_of(const nu_response *response);

/* End what the test has set up: the clock, settings, the live server. Never raises. */
void nu__surroundings_restore(nu_test_run *run);
void nu__live_stop(nu_test_run *run);
