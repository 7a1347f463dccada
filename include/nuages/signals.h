/**
 * @file
 * Signals and receivers.
 */
#pragma once
#include <nuages/http.h>
#include <nuages/models.h>

typedef enum {
    NU_PRE_SAVE = 1,
    NU_POST_SAVE,
    NU_PRE_DELETE,
    NU_POST_DELETE,
    NU_M2M_CHANGED,
    NU_USER_LOGGED_IN
} nu_signal;
typedef struct {
    void *instance;
    bool created;
    const nu_model *sender;
    const char *using;
    nu_request *req;
} nu_signal_event;
typedef struct {
    nu_signal signal;
    const nu_model *sender;
    void (*fn)(const nu_signal_event *);
} nu_receiver;
#define receiver(s, T, f)                                                                          \
    {                                                                                              \
        (s), &T##_model, (f)                                                                       \
    }
