/**
 * @file
 * Where messages wait for the page that shows them.
 *
 *   MessageMiddleware
 *     nu__messages_install       a storage may be had from here on; nothing is read yet
 *     … the view: nu_messages_add -> queued
 *       the template: messages   -> loaded from the cookie, queued ones after them; used
 *     nu__messages_store         used: what was queued since; added to: all; else nothing
 *
 * The cookie "messages" is JSON, signed under the site's key; see nu__messages_encode(). What does
 * not fit into its 2 KiB is lost with a warning (under DEBUG an error), until sessions can take it.
 *
 * Django: django.contrib.messages.storage
 */
#pragma once
#include <nuages/messages.h>

#include "http/message.h"

typedef struct nu__message {
    nu_object object;
    int64_t level;
    nu_value message;  /* STR, SAFE; whatever JSON another site stored */
    nu_str extra_tags; /* null: none, which is not "" in the cookie */
} nu__message;

extern const nu_class nu__message_class;
nu__message *nu__message_new(int64_t level, nu_value message, nu_str extra_tags);
nu_str nu__message_level_tag(int64_t level); /* "success"; "" for levels without a name */
nu_str nu__message_tags(const nu__message *message);

/* ---- the cookie ------------------------------------------------------------------------------ */

enum { NU__MESSAGES_COOKIE = 2048 }; /* characters at most */

/* The messages as the cookie's value; `not_finished`: more are elsewhere. */
nu_str nu__messages_encode(nu__message *const *messages, size_t n, bool not_finished);
/* NULL when it is not ours, or none of it. *finished: no more are elsewhere. */
nu_list *nu__messages_decode(nu_str cookie, bool *finished);

/* ---- of a request ---------------------------------------------------------------------------- */

void nu__messages_install(nu_request *req);
/* Set or delete the cookie. Raises ValueError under DEBUG when some did not fit. */
void nu__messages_store(nu_request *req, nu_response *response);
/* The template variable `messages`: iterates over the messages, is false when there are none. */
nu_value nu__messages_value(nu_request *req);
