/**
 * @file
 * The texts of templates as the text of a .pot: every text of a context once, in the order found,
 * with all the places where it stands and what is said to translators. A text that stands alone
 * here and with a plural there has the plural, the first that was found.
 *
 * Counterpart: what xgettext makes of the files of django.utils.translation.template.templatize()
 */
#pragma once
#include "core/buf.h"
#include "template/messages.h"

typedef struct nu__template_pot {
    nu_dict *places; /* where `entries` has a text, by context and text */
    nu__buf entries; /* pointers to them */
} nu__template_pot;

void nu__template_pot_init(nu__template_pot *pot); /* in the running arena */
void nu__template_pot_add(nu__template_pot *pot, nu_str file, const nu__message *message);
nu_str nu__template_pot_text(const nu__template_pot *pot);

/* Whether a text is one for Python's % with something to fill in: what xgettext calls
   python-format. */
bool nu__is_python_format(nu_str text);
