/**
 * @file
 * The texts of a template that are to be translated, found without compiling it: those of
 * {% translate %} and {% blocktranslate %}, and _("…") in tags and variables.
 *
 * Counterpart: django.utils.translation.template.templatize()
 */
#pragma once
#include <nuages/strings.h>

typedef struct nu__message {
    nu_str context, text, plural; /* {NULL, 0}: it has none; as the catalogue's keys */
    nu_str comment; /* what "{# Translators: … #}" before it says; {NULL, 0}: nothing */
    uint32_t line;
} nu__message;

/* Calls `found` for each, in order; what it is given lives in the arena. Raises TemplateSyntaxError
   for a tag inside of {% blocktranslate %}. */
void nu__template_messages(nu_str source, void (*found)(void *self, const nu__message *message),
                           void *self);
