/**
 * @file
 * "shop" and "shop.Order", as --exclude of dumpdata and loaddata has them.
 */
#pragma once
#include "db/models/options.h"

/* The model of "shop.Order"; CommandError: there is none. */
nu__model_info *nu__labelled_model(nu_str label);
/* Raises CommandError for what names no app and no model.   Django: parse_apps_and_model_labels()
 */
void nu__excluded_check(const nu_list *exclude);
