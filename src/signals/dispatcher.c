#include "signals/signals.h"

#include <nuages/logging.h>
#include <nuages/timezone.h>
#include <stdlib.h>
#include <string.h>

typedef struct receivers {
    nu_receiver *items;
    size_t len, capacity;
} receivers;

static receivers table[NU_LAST_SIGNAL + 1];

static receivers *of(nu_signal signal)
{
    if (signal < NU_PRE_SAVE || signal > NU_LAST_SIGNAL)
        nu_raise(NU_VALUE_ERROR,
                 "{} is no signal: a site's own are NU_FIRST_OWN_SIGNAL to NU_LAST_SIGNAL",
                 (int64_t)signal);
    return &table[signal];
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? !strcmp(a, b) : a == b;
}

static bool same(const nu_receiver *a, const nu_receiver *b)
{
    if (a->sender != b->sender || !same_text(a->sender_name, b->sender_name))
        return false;
    if (a->dispatch_uid || b->dispatch_uid)
        return same_text(a->dispatch_uid, b->dispatch_uid);
    return a->fn == b->fn;
}

static size_t position(const receivers *all, const nu_receiver *row)
{
    size_t i = 0;

    while (i < all->len && !same(&all->items[i], row))
        i++;
    return i;
}

void nu_signal_connect(const nu_receiver *row)
{
    receivers *all = of(row->signal);

    if (position(all, row) < all->len)
        return;
    if (all->len == all->capacity) {
        size_t capacity = all->capacity ? 2 * all->capacity : 8;
        nu_receiver *grown = realloc(all->items, capacity * sizeof(*grown));

        if (!grown)
            nu_raise(NU_MEMORY_ERROR, "out of memory while connecting a receiver");
        all->items = grown;
        all->capacity = capacity;
    }
    all->items[all->len++] = *row;
}

bool nu_signal_disconnect(const nu_receiver *row)
{
    receivers *all = of(row->signal);
    size_t i = position(all, row);

    if (i == all->len)
        return false;
    memmove(&all->items[i], &all->items[i + 1], (all->len - i - 1) * sizeof(*all->items));
    all->len--;
    return true;
}

/* "registry.Student" */
static bool is_named(const nu_model *model, const char *label)
{
    size_t app = model->app_label ? strlen(model->app_label) : 0;

    return app && !strncmp(label, model->app_label, app) && label[app] == '.' &&
           !strcmp(label + app + 1, model->name);
}

static bool listens(const nu_receiver *row, const nu_model *sender)
{
    if (row->sender_name)
        return sender && is_named(sender, row->sender_name);
    return !row->sender || row->sender == sender;
}

bool nu_signal_has_listeners(nu_signal signal, const nu_model *sender)
{
    const receivers *all = of(signal);

    for (size_t i = 0; i < all->len; i++)
        if (listens(&all->items[i], sender))
            return true;
    return false;
}

/* The receivers as they are now: one that connects or disconnects others does not change who hears
   of this event. */
static const nu_receiver *snapshot(const nu_signal_event *event, size_t *n)
{
    const receivers *all = of(event->signal);
    nu_receiver *now;

    *n = 0;
    if (!all->len)
        return NULL;
    now = nu_alloc_array(nu_receiver, all->len);
    for (size_t i = 0; i < all->len; i++)
        if (listens(&all->items[i], event->sender))
            now[(*n)++] = all->items[i];
    return now;
}

void (*nu__signal_received)(const nu_signal_event *event, nu_receiver_fn *fn, double seconds);

static void call(const nu_receiver *row, const nu_signal_event *event)
{
    double began = nu__signal_received ? nu_monotonic() : 0;

    row->fn(event);
    if (nu__signal_received)
        nu__signal_received(event, row->fn, nu_monotonic() - began);
}

int nu_signal_send_(const nu_signal_event *event)
{
    size_t n;
    const nu_receiver *now = snapshot(event, &n);

    for (size_t i = 0; i < n; i++)
        call(&now[i], event);
    return (int)n;
}

nu_str nu__signal_name(nu_signal signal)
{
    static const char *const names[NU_FIRST_OWN_SIGNAL] = {
        [NU_PRE_SAVE] = "pre_save",
        [NU_POST_SAVE] = "post_save",
        [NU_PRE_DELETE] = "pre_delete",
        [NU_POST_DELETE] = "post_delete",
        [NU_M2M_CHANGED] = "m2m_changed",
        [NU_REQUEST_STARTED] = "request_started",
        [NU_REQUEST_FINISHED] = "request_finished",
        [NU_GOT_REQUEST_EXCEPTION] = "got_request_exception",
        [NU_CONNECTION_CREATED] = "connection_created",
        [NU_PRE_MIGRATE] = "pre_migrate",
        [NU_POST_MIGRATE] = "post_migrate",
        [NU_PRE_INIT] = "pre_init",
        [NU_POST_INIT] = "post_init",
        [NU_CLASS_PREPARED] = "class_prepared",
    };

    if (signal < NU_FIRST_OWN_SIGNAL && names[signal])
        return nu_s(names[signal]);
    return nu_fmt("NU_FIRST_OWN_SIGNAL + {}", (int64_t)signal - NU_FIRST_OWN_SIGNAL);
}

int nu_signal_send_robust_(const nu_signal_event *event)
{
    size_t n;
    const nu_receiver *now = snapshot(event, &n);
    int raised = 0;

    for (size_t i = 0; i < n; i++) {
        const nu_error *error = nu_catch(NU_EXCEPTION, call(&now[i], event));

        if (!error)
            continue;
        raised++;
        nu_error_log("Error calling a receiver in nu_signal_send_robust({}): {}: {}",
                     nu__signal_name(event->signal), nu_error_class_name(error->klass),
                     error->message);
    }
    return raised;
}

void nu__signals_release(void)
{
    for (size_t i = 0; i <= NU_LAST_SIGNAL; i++) {
        free(table[i].items);
        table[i] = (receivers){ 0 };
    }
}
