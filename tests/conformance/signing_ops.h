/**
 * @file
 * The tables of signing.jsonl's operations, by the package that they test.
 */
#pragma once
#include "conformance.h"

extern const conf_op conf_signing[], conf_signing_web[], conf_signing_accounts[];
