/**
 * @file
 * What Django's `check` says of caches in folders. Django: django.core.checks.caches
 */
#pragma once
#include <nuages/checks.h>

void nu__check_caches(nu_check_messages *messages);        /* caches.W003 */
void nu__check_cache_folders(nu_check_messages *messages); /* --deploy: caches.W002 */
/* Path.resolve(), as far as there is such a folder: without links and dots. In the arena. */
nu_str nu__resolved_folder(nu_str path);
