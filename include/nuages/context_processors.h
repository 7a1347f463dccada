/**
 * @file
 * Variables that every page gets, as django.template.context_processors. The settings list them:
 * `.context_processors = { nu_request_processor, nu_auth_processor, nu_messages_processor }`; these
 * three are there when none is listed. csrf_token is always there.
 */
#pragma once
#include <nuages/template.h>

nu_context_processor nu_request_processor;  /* request */
nu_context_processor nu_debug_processor;    /* debug: true for INTERNAL_IPS under DEBUG */
nu_context_processor nu_static_processor;   /* STATIC_URL */
nu_context_processor nu_media_processor;    /* MEDIA_URL */
nu_context_processor nu_csrf_processor;     /* csrf_token */
nu_context_processor nu_i18n_processor;     /* LANGUAGES, LANGUAGE_CODE, LANGUAGE_BIDI */
nu_context_processor nu_tz_processor;       /* TIME_ZONE: the current zone's name */
nu_context_processor nu_messages_processor; /* messages, DEFAULT_MESSAGE_LEVELS */
nu_context_processor nu_auth_processor; /* user, perms: request.user, else an anonymous visitor */
