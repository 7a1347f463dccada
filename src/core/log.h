/**
 * @file
 * Where log lines go; for tests, the arbiter and the access log.
 */
#pragma once
#include <nuages/logging.h>

void nu__log_set_fd(int fd); /* 2 unless set */
bool nu__log_wants(nu_log_level level);
