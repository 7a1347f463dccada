#include "views/recorder.h"

#include "cache/cache.h"
#include "core/buf.h"
#include "core/context.h"
#include "db/connection.h"
#include "http/message.h"
#include "signals/signals.h"
#include "template/template.h"
#include "views/backtrace.h"
#include <nuages/timezone.h>

nu__recorder *nu__recorder_of(const nu_request *req)
{
    return req ? req->locals[NU__REQUEST_DEBUG] : NULL;
}

static nu__recorder *current(void)
{
    return nu__here ? nu__recorder_of(nu__here->locals[NU__LOCAL_REQUEST]) : NULL;
}

static nu_str shown(nu_values params)
{
    nu__buf out = { 0 };

    for (size_t i = 0; i < params.len && out.len < 1000; i++) {
        if (i)
            nu__buf_lit(&out, ", ");
        nu__buf_repr(&out, params.items[i]);
    }
    return nu__buf_str(&out);
}

static void count_before(nu__recorder *recorder, nu__recorded_query *query)
{
    for (const nu__recorded_query *other = recorder->queries; other < query; other++) {
        if (!nu_eq_(other->sql, query->sql))
            continue;
        if (nu_eq_(other->params, query->params))
            query->same++;
        else
            query->similar++;
    }
    recorder->n_duplicates += query->same > 0;
    recorder->n_similar += !query->same && query->similar;
}

nu_str nu__recorded_before(const nu__recorded_query *query)
{
    if (query->same)
        return nu_fmt(" · again ({})", (int64_t)query->same);
    return query->similar ? nu_fmt(" · similar ({})", (int64_t)query->similar) : S("");
}

nu_str nu__recorded_repeats(const nu__recorder *recorder)
{
    nu_str again = S(""), similar = S("");

    if (recorder->n_duplicates)
        again = nu_fmt(", {} duplicate{}", recorder->n_duplicates,
                       recorder->n_duplicates == 1 ? "" : "s");
    if (recorder->n_similar)
        similar = nu_fmt(", {} similar", recorder->n_similar);
    return nu_fmt("{}{}", again, similar);
}

static void note_query(void *unused, const nu__connection *connection, nu_str sql, nu_values params,
                       double seconds)
{
    nu__recorder *recorder = current();
    nu__recorded_query *query;

    (void)unused;
    if (!recorder || recorder->paused)
        return;
    recorder->query_seconds += seconds;
    if (recorder->n_queries++ >= NU__MOST_QUERIES)
        return;
    query = &recorder->queries[recorder->n_queries - 1];
    *query = (nu__recorded_query){ .sql = nu_copy(sql),
                                   .alias = nu_copy_cstr(connection->alias),
                                   .params = shown(params),
                                   .seconds = seconds };
    nu__query_place_note(query);
    count_before(recorder, query);
}

static void note_template(const nu__template *tpl, const nu_template_context *context)
{
    nu__recorder *recorder = current();

    (void)context;
    if (recorder && nu_list_len(recorder->templates) < 200)
        nu_list_append(recorder->templates, nu__template_name(tpl));
}

static void note_signal(const nu_signal_event *event, nu_receiver_fn *fn, double seconds)
{
    nu__recorder *recorder = current();
    const nu_model *sender = event->sender;

    if (!recorder || recorder->n_signals++ >= NU__MOST_SIGNALS)
        return;
    recorder->signals[recorder->n_signals - 1] =
        (nu__recorded_signal){ .name = nu__signal_name(event->signal),
                               .sender = sender ? nu_fmt("{}.{}", sender->app_label, sender->name)
                                                : (nu_str){ 0 },
                               .receiver = nu__function_name((const void *)(uintptr_t)fn),
                               .seconds = seconds };
}

static nu_str joined(const nu_str *keys, size_t n)
{
    nu__buf out = { 0 };

    for (size_t i = 0; i < n && out.len < 1000; i++)
        nu__buf_fmt(&out, "{}{}", i ? ", " : "", keys[i]);
    return nu__buf_str(&out);
}

static void note_cache(const nu__cache_use *use)
{
    nu__recorder *recorder = current();

    if (!recorder)
        return;
    recorder->cache_seconds += use->seconds;
    recorder->cache_hits += use->hits;
    recorder->cache_misses += use->looked ? use->n - use->hits : 0;
    if (recorder->n_cache_calls++ >= NU__MOST_CACHE_CALLS)
        return;
    recorder->cache_calls[recorder->n_cache_calls - 1] =
        (nu__recorded_cache_call){ .call = nu_s(use->call),
                                   .keys = joined(use->keys, use->n),
                                   .alias = nu_copy(use->cache->alias),
                                   .n = use->n,
                                   .hits = use->hits,
                                   .looked = use->looked,
                                   .seconds = use->seconds };
}

void nu__recorder_setup(void)
{
    nu__cache_used = note_cache;
    nu__signal_received = note_signal;
    nu__db_listen((nu__query_listener){ note_query, NULL });
    nu__template_rendered = note_template;
}

void nu__recorder_begin(nu_request *req)
{
    nu__recorder *recorder = nu_alloc(nu__recorder);

    nu__called_from(NULL, 0); /* the fiber's last request had lines of its own */
    recorder->began = nu_monotonic();
    recorder->queries = nu_alloc_array(nu__recorded_query, NU__MOST_QUERIES);
    recorder->signals = nu_alloc_array(nu__recorded_signal, NU__MOST_SIGNALS);
    recorder->cache_calls = nu_alloc_array(nu__recorded_cache_call, NU__MOST_CACHE_CALLS);
    recorder->templates = nu_list_new();
    req->locals[NU__REQUEST_DEBUG] = recorder;
}

void nu__recorder_step(nu__recorder *recorder, const void *middleware, double seconds)
{
    double inside = 0;

    if (recorder->n_steps == NU__MOST_STEPS)
        return;
    for (size_t i = 0; i < recorder->n_steps; i++)
        inside += recorder->steps[i].seconds;
    recorder->steps[recorder->n_steps++] =
        (nu__recorded_step){ .name = middleware ? nu__function_name(middleware) : S("the view"),
                             .seconds = seconds > inside ? seconds - inside : 0 };
}
