/**
 * @file
 * Variables that every page gets, as django.template.context_processors. The settings list them:
 * `.context_processors = { nu_context_request, nu_context_auth, nu_context_messages }`; these three
 * are there when none is listed. csrf_token is always there.
 */
#pragma once
#include <nuages/template.h>

nu_context_processor nu_context_request;  /* request */
nu_context_processor nu_context_debug;    /* debug: true for INTERNAL_IPS under DEBUG */
nu_context_processor nu_context_static;   /* STATIC_URL */
nu_context_processor nu_context_media;    /* MEDIA_URL */
nu_context_processor nu_context_csrf;     /* csrf_token */
nu_context_processor nu_context_messages; /* messages, DEFAULT_MESSAGE_LEVELS */
nu_context_processor nu_context_auth;     /* user, perms: request.user, else an anonymous visitor */
