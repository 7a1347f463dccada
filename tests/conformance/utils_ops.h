/**
 * @file
 * The tables of utils.jsonl's operations, by the package that they test.
 */
#pragma once
#include "conformance.h"

extern const conf_op conf_utils_text[], conf_utils_html[], conf_utils_http[], conf_utils_dates[],
    conf_utils_filters[], conf_utils_languages[], conf_utils_numbers[], conf_utils_paginator[],
    conf_utils_request[];
