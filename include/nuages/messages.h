/**
 * @file
 * One-time messages to the visitor, as django.contrib.messages.
 *
 * A view adds them; the next page that shows `messages` in its template shows each once:
 *
 *     {% for message in messages %}<li class="{{ message.tags }}">{{ message }}</li>{% endfor %}
 *
 * Until then they wait in a signed cookie that Django reads and writes too. The settings need
 * MessageMiddleware.
 */
#pragma once
#include <nuages/http.h>

typedef enum nu_message_level {
    NU_MESSAGE_DEBUG = 10,
    NU_MESSAGE_INFO = 20,
    NU_MESSAGE_SUCCESS = 25,
    NU_MESSAGE_WARNING = 30,
    NU_MESSAGE_ERROR = 40
} nu_message_level;

/**
 * Add a message: nu_messages_success(req, "Saved “{}”.", post->title). Templates escape it. One
 * below the request's level (INFO unless changed), or without text, is dropped.
 *
 * @raises  RuntimeError (Django's MessageFailure) without MessageMiddleware
 * Yields: never.   Django: messages.success()
 */
#define nu_messages_debug(req, f, ...)                                                             \
    nu_message_((req), NU_MESSAGE_DEBUG, "" f, NU_ARGS(__VA_ARGS__))
#define nu_messages_info(req, f, ...)                                                              \
    nu_message_((req), NU_MESSAGE_INFO, "" f, NU_ARGS(__VA_ARGS__))
#define nu_messages_success(req, f, ...)                                                           \
    nu_message_((req), NU_MESSAGE_SUCCESS, "" f, NU_ARGS(__VA_ARGS__))
#define nu_messages_warning(req, f, ...)                                                           \
    nu_message_((req), NU_MESSAGE_WARNING, "" f, NU_ARGS(__VA_ARGS__))
#define nu_messages_error(req, f, ...)                                                             \
    nu_message_((req), NU_MESSAGE_ERROR, "" f, NU_ARGS(__VA_ARGS__))
void nu_message_(nu_request *req, int level, const char *format, nu_values args);

/** The same with a level and tags of one's own; a safe value stays HTML. Null tags: none.
    Django: messages.add_message() */
void nu_messages_add(nu_request *req, int level, nu_value message, nu_str extra_tags);
/** Drop what is added below this level from now on; 0: the setting MESSAGE_LEVEL again. */
void nu_messages_set_level(nu_request *req, int level);
int nu_messages_level(nu_request *req);
/** All that wait, as objects with level, message, extra_tags, tags and level_tag; they count as
    shown. Empty without MessageMiddleware. Django: get_messages() */
nu_list *nu_messages_get(nu_request *req);
