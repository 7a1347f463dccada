/**
 * @file
 * Between docs.c and blog.c.
 */
#pragma once
#include "docs.h"

/* The rows that every page begins with. */
void doc_seed(void);

/* The settings of the page, and the rest of a site's start, which needs the tables. */
const nu_settings *doc_site(void);
void doc_site_ready(void);
