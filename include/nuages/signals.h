/**
 * @file
 * Signals: functions called when something happens, as django.dispatch.
 *
 * Receivers are listed in the app (`.receivers = { receiver(NU_POST_SAVE, Student, saved) }`) or
 * connected at run time. They run at once, in the sender's fiber and transaction, in the order in
 * which they were connected; an error that one raises goes to the sender.
 */
#pragma once
#include <nuages/http.h>
#include <nuages/models.h>

typedef enum nu_signal {
    NU_PRE_SAVE = 1,
    NU_POST_SAVE,
    NU_PRE_DELETE,
    NU_POST_DELETE,
    NU_M2M_CHANGED,
    NU_REQUEST_STARTED,
    NU_REQUEST_FINISHED,
    NU_GOT_REQUEST_EXCEPTION,
    NU_CONNECTION_CREATED,
    NU_PRE_MIGRATE,
    NU_POST_MIGRATE,
    NU_PRE_INIT,  /* nu_new() and reading a row begin to make an instance */
    NU_POST_INIT, /* … and have filled it */
    NU_CLASS_PREPARED,
    NU_FIRST_OWN_SIGNAL = 32, /* a site's own: NU_FIRST_OWN_SIGNAL + n */
    NU_LAST_SIGNAL = 63,
} nu_signal;

/* What happened. What a signal has nothing to say about is zero. */
typedef struct nu_signal_event {
    NU_NAMED_ONLY;
    nu_signal signal;
    const nu_model *sender; /* of the model signals */
    void *instance;         /* of the model signals; PRE_INIT: not filled yet */
    bool created;           /* POST_SAVE: inserted, not updated */
    bool raw; /* SAVE: as a fixture has it, so write nothing that depends on other rows */
    const char *const *update_fields; /* SAVE: the only fields written; NULL: all */
    const char *action;               /* M2M_CHANGED: "pre_add", "post_add", "pre_remove", … */
    bool reverse;                     /* M2M_CHANGED: from the side without the field */
    const nu_model *model;            /* M2M_CHANGED: of what is added or removed */
    nu_values pks;                    /* M2M_CHANGED: its keys; none: cleared */
    const char *using;                /* the database's alias */
    const nu_object *origin;          /* DELETE: the instance or query that was deleted */
    nu_request *req;                  /* of the request signals */
    const nu_error *error;            /* GOT_REQUEST_EXCEPTION */
    const char *app_label;            /* MIGRATE: the app */
    void *data;                       /* of a site's own signals */
} nu_signal_event;

typedef void nu_receiver_fn(const nu_signal_event *event);

typedef struct nu_receiver {
    nu_signal signal;
    const nu_model *sender;  /* NULL: any */
    const char *sender_name; /* instead, "registry.Student": of a model that may not be installed */
    nu_receiver_fn *fn;
    const char *dispatch_uid; /* connects once, however often it is connected */
} nu_receiver;
#define receiver(s, T, f)                                                                          \
    {                                                                                              \
        .signal = (s), .sender = &T##_model, .fn = (f)                                             \
    }
/* Weak, by the model's label: receiver_named(NU_POST_SAVE, "registry.Student", saved). */
#define receiver_named(s, label, f)                                                                \
    {                                                                                              \
        .signal = (s), .sender_name = (label), .fn = (f)                                           \
    }
/* For any sender, and for signals that have none. */
#define receiver_any(s, f)                                                                         \
    {                                                                                              \
        .signal = (s), .fn = (f)                                                                   \
    }

/**
 * Connect a receiver. One that is connected already (the same function and sender, or the same
 * dispatch_uid and sender) is not connected again.
 *
 * @param row  copied
 * @raises     ValueError for a number that is no signal; MemoryError
 * Yields: never.   Django: Signal.connect()
 */
void nu_signal_connect(const nu_receiver *row);
/** Undo nu_signal_connect(); false when there was no such receiver. Django: Signal.disconnect() */
bool nu_signal_disconnect(const nu_receiver *row);
/** Whether a send would reach anyone; cheap. Django: Signal.has_listeners() */
bool nu_signal_has_listeners(nu_signal signal, const nu_model *sender);

/**
 * Call the receivers of event->signal that are connected for event->sender or for any:
 * nu_signal_send(.signal = NU_FIRST_OWN_SIGNAL, .data = order).
 *
 * @return  how many were called
 * @raises  what a receiver raises; those after it are not called
 * Yields: as the receivers do.   Django: Signal.send()
 */
#define nu_signal_send(...) nu_signal_send_(&(const nu_signal_event){ __VA_ARGS__ })
int nu_signal_send_(const nu_signal_event *event);
/** The same, but an error of a receiver is logged and the next is called. Returns how many raised.
    Django: Signal.send_robust() */
#define nu_signal_send_robust(...) nu_signal_send_robust_(&(const nu_signal_event){ __VA_ARGS__ })
int nu_signal_send_robust_(const nu_signal_event *event);
