/**
 * @file
 * System checks of permissions. Django: django.contrib.auth.checks
 */
#pragma once
#include <nuages/checks.h>

/* Names and codenames of models' permissions: too long for their columns, or twice. */
void nu__check_permissions(nu_check_messages *messages);
