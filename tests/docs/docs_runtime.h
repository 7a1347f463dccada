/**
 * @file
 * Between docs.c and blog.c.
 */
#pragma once
#include "docs.h"

/* The rows that every page begins with. */
void doc_seed(void);
