/**
 * @file
 * The Cache-Control that a path() asks for by table.
 */
#pragma once
#include <nuages/urls.h>

/* Django: patch_cache_control(response, public=True, …) */
void nu__apply_cache_control(nu_response *response, const nu_cache_control *options);
