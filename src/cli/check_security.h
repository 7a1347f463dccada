/**
 * @file
 * What Django's `check --deploy` says of a site's settings. Django: django.core.checks.security
 */
#pragma once
#include <nuages/checks.h>

void nu__check_security(nu_check_messages *messages);
