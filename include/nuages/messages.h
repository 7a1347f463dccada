/**
 * @file
 * One-time messages to the visitor, as django.contrib.messages.
 */
#pragma once
#include <nuages/http.h>

typedef enum {
    NU_MESSAGE_DEBUG = 10,
    NU_MESSAGE_INFO = 20,
    NU_MESSAGE_SUCCESS = 25,
    NU_MESSAGE_WARNING = 30,
    NU_MESSAGE_ERROR = 40
} nu_message_level;
void nu_message_(nu_request *req, int level, const char *format, nu_values args);
#define nu_messages_info(req, f, ...)                                                              \
    nu_message_((req), NU_MESSAGE_INFO, "" f, NU_ARGS(__VA_ARGS__))
#define nu_messages_success(req, f, ...)                                                           \
    nu_message_((req), NU_MESSAGE_SUCCESS, "" f, NU_ARGS(__VA_ARGS__))
#define nu_messages_warning(req, f, ...)                                                           \
    nu_message_((req), NU_MESSAGE_WARNING, "" f, NU_ARGS(__VA_ARGS__))
#define nu_messages_error(req, f, ...)                                                             \
    nu_message_((req), NU_MESSAGE_ERROR, "" f, NU_ARGS(__VA_ARGS__))
