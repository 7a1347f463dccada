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
    nu_str comment; /* what "Translators: …" before it says, in {# #} or {% comment %}: lines with
                       \n between; {NULL, 0}: nothing */
    uint32_t line;
} nu__message;

/* Calls `found` for each, in order; what it is given lives in the arena. `file` is named by errors.
   What is written wrong elsewhere is left to the compiler of templates: only a tag inside of
   {% blocktranslate %} raises, TemplateSyntaxError. */
void nu__template_messages(nu_str source, nu_str file,
                           void (*found)(void *self, const nu__message *message), void *self);
