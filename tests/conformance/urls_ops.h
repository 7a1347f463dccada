/**
 * @file
 * The table of urls.jsonl's operations.
 */
#pragma once
#include "conformance.h"

extern const conf_op conf_urls[];
