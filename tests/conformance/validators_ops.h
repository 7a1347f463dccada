/**
 * @file
 * The operation of validators.jsonl.
 */
#pragma once
#include "conformance.h"

extern const conf_op conf_validators[];
