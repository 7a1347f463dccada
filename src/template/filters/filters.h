/**
 * @file
 * The tables of built-in filters, a file each.
 */
#pragma once
#include "template/library.h"

extern const nu__library nu__string_filters, nu__html_filters, nu__list_filters, nu__number_filters,
    nu__logic_filters;

/* The text of a filter's value, which came as STR or SAFE. */
static inline nu_str nu__filter_text(const nu__filter_call *call)
{
    return call->value.s;
}
