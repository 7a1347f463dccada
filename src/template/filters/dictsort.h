/**
 * @file
 * The filters that sort, and the look at one item that they share with those of lists.
 */
#pragma once
#include "template/library.h"

nu__filter_fn nu__dictsort, nu__dictsortreversed;
/* For nu__filter.write: the characters of a text. */
bool nu__write_dictsort(const nu__filter_call *call);
bool nu__write_dictsortreversed(const nu__filter_call *call);

/* value[index], which may count from the end. False past the ends; raises where Python has no such
   operation. */
bool nu__item_at(nu_value value, int64_t index, nu_value *out);
