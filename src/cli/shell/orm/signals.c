/* Signals: those of the library, and code's own, with functions of the shell as receivers. */
#include "cli/shell/orm/signals.h"
#include "cli/shell/orm/query_methods.h"
#include "core/arena.h"
#include "core/object.h"

#include <nuages/signals.h>

/* ---- receivers ----------------------------------------------------------------------------------
 */

typedef struct receiving {
    nu__py function, uid; /* of one with a dispatch_uid the function does not count */
    nu__py sender;        /* None: any */
} receiving;

typedef struct shell_signal {
    nu_signal number; /* 0: code's own */
    const char *name;
    receiving *items;
    size_t n, cap;
} shell_signal;

static nu__py or_none(nu__py value)
{
    return nu__py_given(value) ? value : nu__py_none();
}

static bool same_receiver(const receiving *a, const receiving *b)
{
    bool by_uid = !nu__orm_is_none(a->uid) || !nu__orm_is_none(b->uid);

    return nu__py_same(a->sender, b->sender) &&
           (by_uid ? nu__py_equal(a->uid, b->uid) : nu__py_same(a->function, b->function));
}

static size_t index_of(const shell_signal *signal, const receiving *wanted)
{
    size_t i = 0;

    while (i < signal->n && !same_receiver(&signal->items[i], wanted))
        i++;
    return i;
}

static bool concerns(const receiving *receiver, nu__py sender)
{
    return nu__orm_is_none(receiver->sender) || nu__py_same(receiver->sender, sender);
}

static nu__py call(const receiving *receiver, nu__py signal, nu__py sender, nu__py named)
{
    nu__py_keyword *keywords = nu_alloc_array(nu__py_keyword, named.dict->len + 2);
    nu__py_entry *entry;
    size_t n = 2;

    keywords[0] = (nu__py_keyword){ S("signal"), signal };
    keywords[1] = (nu__py_keyword){ S("sender"), sender };
    for (size_t at = 0; (entry = nu__py_dict_next(named.dict, &at));)
        keywords[n++] = (nu__py_keyword){ entry->key.s, entry->value };
    return nu__py_invoke(receiver->function,
                         &(nu__py_call){ .keywords = keywords, .n_keywords = n });
}

/* ---- what the library sends
 * ----------------------------------------------------------------------
 */

static shell_signal model_signals[] = {
    { .number = NU_PRE_INIT, .name = "pre_init" },
    { .number = NU_POST_INIT, .name = "post_init" },
    { .number = NU_PRE_SAVE, .name = "pre_save" },
    { .number = NU_POST_SAVE, .name = "post_save" },
    { .number = NU_PRE_DELETE, .name = "pre_delete" },
    { .number = NU_POST_DELETE, .name = "post_delete" },
    { .number = NU_M2M_CHANGED, .name = "m2m_changed" },
    { .number = NU_CLASS_PREPARED, .name = "class_prepared" },
    { .number = NU_PRE_MIGRATE, .name = "pre_migrate" },
    { .number = NU_POST_MIGRATE, .name = "post_migrate" },
    { .number = NU_CONNECTION_CREATED, .name = "connection_created" },
    { .number = NU_REQUEST_STARTED, .name = "request_started" },
    { .number = NU_REQUEST_FINISHED, .name = "request_finished" },
    { .number = NU_GOT_REQUEST_EXCEPTION, .name = "got_request_exception" },
};
enum { MODEL_SIGNALS = sizeof model_signals / sizeof *model_signals };

static void put(nu__py dict, const char *key, nu__py value)
{
    nu__py_dict_set(dict.dict, nu__py_str(nu_s(key)), value);
}

static nu__py model_of(const nu_model *model)
{
    return model ? nu__py_class(nu__orm_type_of(nu__model_info_of(model))) : nu__py_none();
}

static nu__py update_fields(const char *const *names)
{
    nu__py out = nu__py_dict_new(&nu__py_frozenset_type);

    if (!names)
        return nu__py_none();
    for (; *names; names++)
        nu__py_dict_set(out.dict, nu__py_str(nu_s(*names)), nu__py_none());
    return out;
}

static nu__py keys_of(nu_values keys)
{
    nu__py out = nu__py_dict_new(&nu__py_set_type);

    for (size_t i = 0; i < keys.len; i++)
        nu__py_dict_set(out.dict, nu__py_of(keys.items[i]), nu__py_none());
    return out;
}

static nu__py origin_of(const nu_object *origin)
{
    return origin ? nu__py_of(nu_v_object((nu_object *)(uintptr_t)origin)) : nu__py_none();
}

static void put_many(nu__py named, const nu_signal_event *event)
{
    bool all = nu_ends_with(nu_s(event->action), S("_clear"));

    put(named, "action", nu__py_str(nu_s(event->action)));
    put(named, "reverse", nu__py_bool(event->reverse));
    put(named, "model", model_of(event->model));
    put(named, "pk_set", all ? nu__py_none() : keys_of(event->pks));
}

/* The keyword arguments that Django's signal of that name has. */
static nu__py arguments_of(const nu_signal_event *event)
{
    nu__py named = nu__py_dict_new(&nu__py_dict_type);
    bool saves = event->signal == NU_PRE_SAVE || event->signal == NU_POST_SAVE;
    bool deletes = event->signal == NU_PRE_DELETE || event->signal == NU_POST_DELETE;

    if (event->instance && event->signal != NU_PRE_INIT)
        put(named, "instance", nu__orm_instance(event->instance));
    if (event->signal == NU_POST_SAVE)
        put(named, "created", nu__py_bool(event->created));
    if (saves) {
        put(named, "raw", nu__py_bool(event->raw));
        put(named, "update_fields", update_fields(event->update_fields));
    }
    if (deletes)
        put(named, "origin", origin_of(event->origin));
    if (event->signal == NU_M2M_CHANGED)
        put_many(named, event);
    if (event->using)
        put(named, "using", nu__py_str(nu_s(event->using)));
    return named;
}

static nu__py signal_value(const shell_signal *signal);

/* Receivers may come and go while they are called. */
static const receiving *copied(const shell_signal *signal)
{
    receiving *items = nu_alloc_array(receiving, signal->n + 1);

    for (size_t i = 0; i < signal->n; i++)
        items[i] = signal->items[i];
    return items;
}

/* The receivers of the event's sender, or those of any sender. */
static void forward(const nu_signal_event *event, bool to_any)
{
    for (size_t k = 0; k < MODEL_SIGNALS; k++) {
        const shell_signal *signal = &model_signals[k];
        nu__py sender =
            signal->number == event->signal && signal->n ? model_of(event->sender) : (nu__py){ 0 };
        size_t n = nu__py_given(sender) ? signal->n : 0;
        const receiving *now = n ? copied(signal) : NULL;

        for (size_t i = 0; i < n; i++)
            if (nu__orm_is_none(now[i].sender) == to_any && concerns(&now[i], sender))
                (void)call(&now[i], signal_value(signal), sender, arguments_of(event));
    }
}

static void forward_to_any(const nu_signal_event *event)
{
    forward(event, true);
}

static void forward_to_own(const nu_signal_event *event)
{
    forward(event, false);
}

/* One row of the library's for all receivers of a sender: who listens to one model alone does not
   make others tell what they do. */
static nu_receiver row_of(const shell_signal *signal, const receiving *receiver)
{
    bool any = nu__orm_is_none(receiver->sender);
    const nu__model_info *info = any ? NULL : nu__orm_model_of(receiver->sender.class_);

    return (nu_receiver){ .signal = signal->number,
                          .sender = info ? info->model : NULL,
                          .fn = any ? forward_to_any : forward_to_own };
}

void nu__orm_signals_end(void)
{
    for (size_t i = 0; i < MODEL_SIGNALS; i++) {
        shell_signal *signal = &model_signals[i];

        for (size_t k = 0; k < signal->n; k++) {
            nu_receiver row = row_of(signal, &signal->items[k]);

            (void)nu_signal_disconnect(&row);
        }
        *signal = (shell_signal){ .number = signal->number, .name = signal->name };
    }
}

/* ---- Signal -------------------------------------------------------------------------------------
 */

static shell_signal *signal_of(nu__py self)
{
    return self.p;
}

static void add(shell_signal *signal, const receiving *receiver)
{
    size_t cap = signal->cap ? signal->cap * 2 : 4;

    if (signal->n == signal->cap) {
        signal->items = nu__grow(signal->items, signal->cap * sizeof *signal->items,
                                 cap * sizeof *signal->items);
        signal->cap = cap;
    }
    signal->items[signal->n++] = *receiver;
    if (signal->number) {
        nu_receiver row = row_of(signal, receiver);

        nu_signal_connect(&row);
    }
}

/* "registry.Student" names a model that may come later in Django; here all are there. */
static nu__py sender_of(const shell_signal *signal, nu__py value)
{
    nu__py sender = or_none(value);

    if (signal->number && NU__PY_IS(sender, str))
        return nu__py_class(nu__orm_type_of(nu__orm_model_named(value, (nu__py){ 0 })));
    if (signal->number && !nu__orm_is_none(sender) &&
        (sender.type != &nu__py_type_type || !nu__orm_model_of(sender.class_)))
        nu_raise(NU_TYPE_ERROR, "the sender of {} is a model such as Student, not {}", signal->name,
                 nu__py_repr(sender));
    return sender;
}

/* The arguments receiver, sender, weak, dispatch_uid. A function is kept here, be it weak or not:
   one without a name would be gone at once. */
static nu__py connect(nu__py self, const nu__py *args)
{
    shell_signal *signal = signal_of(self);
    receiving receiver = { args[0], or_none(args[3]), sender_of(signal, args[1]) };

    if (!args[0].type->call && args[0].type != &nu__py_type_type)
        nu_raise(NU_TYPE_ERROR, "Signal receivers must be callable.");
    if (index_of(signal, &receiver) == signal->n)
        add(signal, &receiver);
    return nu__py_none();
}

/* Let the library's row go with the last receiver that needs it. */
static void unlisten(const shell_signal *signal, const receiving *gone)
{
    nu_receiver row = row_of(signal, gone);

    for (size_t i = 0; i < signal->n; i++)
        if (nu__py_same(signal->items[i].sender, gone->sender))
            return;
    if (signal->number)
        (void)nu_signal_disconnect(&row);
}

static nu__py disconnect(nu__py self, const nu__py *args)
{
    shell_signal *signal = signal_of(self);
    receiving receiver = { or_none(args[0]), or_none(args[2]), sender_of(signal, args[1]) };
    size_t at = index_of(signal, &receiver);

    if (at == signal->n)
        return nu__py_bool(false);
    signal->n--;
    for (; at < signal->n; at++)
        signal->items[at] = signal->items[at + 1];
    unlisten(signal, &receiver);
    return nu__py_bool(true);
}

/* What each receiver gave: pairs of it and its answer. */
static nu__py sent(nu__py self, const nu__py *args, bool robust)
{
    const shell_signal *signal = signal_of(self);
    nu__py out = nu__py_list_new(&nu__py_list_type, signal->n), answer = { 0 };
    size_t n = signal->n;
    const receiving *now = copied(signal);

    for (size_t i = 0; i < n; i++) {
        const nu_error *error = NULL;
        nu__py *given = nu_alloc(nu__py);

        if (!concerns(&now[i], args[0]))
            continue;
        if (robust)
            error = nu_catch(NU_EXCEPTION, *given = call(&now[i], self, args[0], args[1]));
        else
            *given = call(&now[i], self, args[0], args[1]);
        answer = error ? nu__py_exception_of(error) : *given;
        nu__py_append(out, nu__py_pair(now[i].function, answer));
    }
    return out;
}

static nu__py send(nu__py self, const nu__py *args)
{
    return sent(self, args, false);
}

static nu__py send_robust(nu__py self, const nu__py *args)
{
    return sent(self, args, true);
}

static nu__py has_listeners(nu__py self, const nu__py *args)
{
    const shell_signal *signal = signal_of(self);
    nu__py sender = or_none(args[0]);

    for (size_t i = 0; i < signal->n; i++)
        if (nu__orm_is_none(sender) || concerns(&signal->items[i], sender))
            return nu__py_bool(true);
    return nu__py_bool(false);
}

static nu__py make_signal(nu__py self, const nu__py *args)
{
    (void)args;
    return nu__py_pointer(self.class_, nu_alloc(shell_signal));
}

static bool same(nu__py a, nu__py b, bool *out)
{
    *out = a.type == b.type && a.p == b.p;
    return true;
}

static void repr(nu__py self, nu__buf *out)
{
    const shell_signal *signal = signal_of(self);

    nu__buf_fmt(out, "<{} {}>", self.type->name, signal->name ? signal->name : "of one's own");
}

static const nu__py_type signal_type = {
    .name = "Signal",
    .module = "django.dispatch.dispatcher",
    .signature = "use_caching=",
    .make = make_signal,
    .methods =
        (const nu__py_method[]){
            { "connect", "receiver, sender=, weak=, dispatch_uid=", connect },
            { "disconnect", "receiver=, sender=, dispatch_uid=", disconnect },
            { "send", "sender, **named", send },
            { "send_robust", "sender, **named", send_robust },
            { "has_listeners", "sender=", has_listeners },
            { 0 },
        },
    .equal = same,
    .repr = repr,
};

static const nu__py_type model_signal_type = { .name = "ModelSignal",
                                               .module = "django.db.models.signals",
                                               .base = &signal_type };

static nu__py signal_value(const shell_signal *signal)
{
    return nu__py_pointer(&model_signal_type, signal);
}

/* ---- modules ------------------------------------------------------------------------------------
 */

/* Django has the last four in modules of their own. */
static size_t range_of(nu_str module, size_t *end)
{
    enum { REQUESTS = MODEL_SIGNALS - 3, BACKENDS = MODEL_SIGNALS - 4 };

    *end = nu_eq(module, "django.db.models.signals")     ? BACKENDS
           : nu_eq(module, "django.db.backends.signals") ? REQUESTS
                                                         : MODEL_SIGNALS;
    return *end == BACKENDS ? 0 : *end == REQUESTS ? BACKENDS : REQUESTS;
}

static bool get(nu_str module, nu_str name, nu__py *out)
{
    size_t end, i = range_of(module, &end);

    for (; i < end; i++)
        if (nu_eq(name, model_signals[i].name)) {
            *out = signal_value(&model_signals[i]);
            return true;
        }
    return false;
}

static void names(nu_str module, nu_list *out)
{
    size_t end, i = range_of(module, &end);

    for (; i < end; i++)
        nu_list_append(out, model_signals[i].name);
}

/* ---- receiver() ---------------------------------------------------------------------------------
 */

typedef struct decorator {
    nu__py signals, keywords;
} decorator;

static void connect_to(nu__py signal, nu__py function, const decorator *d)
{
    nu__py_keyword keywords[NU__PY_MOST_ARGUMENTS];
    nu__py_call call = { &function, 1, keywords, 0 };
    nu__py_entry *entry;

    for (size_t at = 0; (entry = nu__py_dict_next(d->keywords.dict, &at));)
        if (call.n_keywords < NU__PY_MOST_ARGUMENTS)
            keywords[call.n_keywords++] = (nu__py_keyword){ entry->key.s, entry->value };
    (void)nu__py_invoke(nu__py_get(signal, S("connect")), &call);
}

/* receiver(signal, …)(function): connected, and given back. */
static nu__py decorate(nu__py self, const nu__py_call *given)
{
    const decorator *d = self.cp;
    bool many = NU__PY_IS(d->signals, list) || NU__PY_IS(d->signals, tuple);
    nu__py args[NU__PY_MOST_ARGUMENTS];

    nu__py_bind("receiver.<locals>._decorator", "func", given, args);
    for (size_t i = 0; many && i < d->signals.list->len; i++)
        connect_to(d->signals.list->items[i], args[0], d);
    if (!many)
        connect_to(d->signals, args[0], d);
    return args[0];
}

static const nu__py_type decorator_type = { .name = "function", .call = decorate };

static nu__py make_receiver(nu__py self, const nu__py *args)
{
    decorator *d = nu_alloc(decorator);

    (void)self;
    *d = (decorator){ args[0], args[1] };
    return nu__py_pointer(&decorator_type, d);
}

#define SIGNALS(module)                                                                            \
    {                                                                                              \
        .name = module, .get = get, .names = names                                                 \
    }
const nu__py_module_row nu__orm_signal_modules[] = {
    SIGNALS("django.db.models.signals"),
    SIGNALS("django.db.backends.signals"),
    SIGNALS("django.core.signals"),
    { .name = "django.dispatch",
      .functions =
          (const nu__py_method[]){ { "receiver", "signal, **kwargs", make_receiver }, { 0 } },
      .types = (const nu__py_type *const[]){ &signal_type, NULL } },
    { 0 },
};
