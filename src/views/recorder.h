/**
 * @file
 * What a request did, for the debug pages, the toolbar and the development server's log: under
 * DEBUG each has one, from its beginning to its response.
 */
#pragma once
#include <nuages/http.h>

typedef struct nu__recorded_query {
    nu_str sql, alias, params;
    double seconds;
    uintptr_t *frames; /* the stack that it was asked from, innermost first */
    uint32_t n_frames;
    const char *file; /* the last line that named itself; NULL: none did */
    int line;
    uint32_t same;    /* how often the same text ran before it, with these parameters */
    uint32_t similar; /* or with others */
} nu__recorded_query;

typedef struct nu__query_places nu__query_places; /* addresses as lines */

typedef struct nu__recorded_step {
    nu_str name;    /* of the middleware */
    double seconds; /* within it, what it surrounds left out */
} nu__recorded_step;

typedef struct nu__recorded_signal {
    nu_str name, sender, receiver; /* "post_save", "registry.Student", "student_saved" */
    double seconds;
} nu__recorded_signal;

typedef struct nu__recorded_cache_call {
    nu_str call, keys, alias; /* "get", ":1:students", "default" */
    size_t n, hits;
    bool looked; /* for values: what is no hit is a miss */
    double seconds;
} nu__recorded_cache_call;

/* What the sanitizer of undefined behaviour noted. */
enum { NU__MOST_FAULT_FRAMES = 48 };
typedef struct nu__fault {
    nu_str message;
    void *frames[NU__MOST_FAULT_FRAMES];
    uint32_t n;
} nu__fault;

enum {
    NU__MOST_QUERIES = 500,
    NU__MOST_QUERY_FRAMES = 64,
    NU__MOST_STEPS = 40,
    NU__MOST_FAULTS = 8,
    NU__MOST_SIGNALS = 100,
    NU__MOST_CACHE_CALLS = 200
};

typedef struct nu__recorder {
    double began;
    nu__recorded_query *queries; /* the first of them */
    size_t n_queries, n_duplicates, n_similar;
    double query_seconds;
    nu__query_places *places; /* NULL: no line was asked for yet */
    nu_list *templates;       /* names, in order */
    nu__recorded_step steps[NU__MOST_STEPS];
    size_t n_steps;
    nu__recorded_signal *signals; /* the first of them; a row for each receiver that was called */
    size_t n_signals;
    nu__recorded_cache_call *cache_calls; /* the first of them */
    size_t n_cache_calls, cache_hits, cache_misses;
    double cache_seconds;
    nu__fault faults[NU__MOST_FAULTS];
    size_t n_faults;
    bool paused; /* a page for developers asks something for itself: no query of the request's */
} nu__recorder;

/* " · again (2)", " · similar (59)": what ran before it; "" for the first of its kind. */
nu_str nu__recorded_before(const nu__recorded_query *query);
/* ", 2 duplicates, 59 similar" */
nu_str nu__recorded_repeats(const nu__recorder *recorder);
/* Who asks for it, now. */
void nu__query_place_note(nu__recorded_query *query);
/* The site's line that asked, "/srv/site/blog/views.c:12"; null: it is not known. */
nu_str nu__query_place(nu__recorder *recorder, const nu__recorded_query *query);
/* Listen to queries, templates, signals and caches, once at start-up under DEBUG. */
void nu__recorder_setup(void);
void nu__recorder_begin(nu_request *req);
/* Of the request; NULL where nothing is recorded. */
nu__recorder *nu__recorder_of(const nu_request *req);
/* A middleware has returned: what it took in all, and what lay inside it. */
void nu__recorder_step(nu__recorder *recorder, const void *middleware, double seconds);
