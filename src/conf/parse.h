/**
 * @file
 * Settings as text: flags, numbers, lists, allowed words.
 */
#pragma once
#include <nuages/strings.h>

bool nu__conf_bool(nu_str text, bool *out);
bool nu__conf_int(nu_str text, int64_t *out);
/* The items between commas, without the spaces around them and without empty ones. */
nu_list *nu__conf_items(nu_str text);
/* What is wrong with an item, by the flags of conf/settings.h; {NULL, 0} when nothing is. */
nu_str nu__conf_items_wrong(const nu_list *items, unsigned flags);
/* The text in the spelling of the allowed words; *what tells when it is none of them. */
nu_str nu__conf_allowed(nu_str text, nu_str allowed, unsigned flags, nu_str *what);
/* What is wrong with the address of a broker of tasks, without its password; null when nothing is.
 */
nu_str nu__conf_broker_wrong(nu_str text);
