/**
 * @file
 * What runserver says of each request, in colour on a terminal.
 */
#pragma once
#include "http/connection.h"

/* [28/Nov/2026 21:00:00] "GET /students/ HTTP/1.1" 200 5121 (12.3 ms, 4 queries) */
void nu__log_development(const nu__http_entry *entry);
