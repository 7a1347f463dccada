/**
 * @file
 * Shortcuts, as django.shortcuts, and pagination.
 */
#pragma once
#include <nuages/http.h>
#include <nuages/queries.h>

nu_response *nu_render_(nu_request *req, const char *template_name, const nu_var *context);
nu_response *nu_redirect_(nu_request *req, const char *to, nu_values args);
nu_page *nu_paginate(nu_request *req, nu_query *query, int per_page);
/** Render a template of the installed apps: nu_render(req, "a.html", ("key", value), …). */
#define nu_render(req, tmpl, ...) nu_render_((req), (tmpl), NU_VARS(__VA_ARGS__))
/** 302 to a URL name with arguments, or to a path or address as it is. */
#define nu_redirect(req, name, ...) nu_redirect_((req), (name), NU_ARGS(__VA_ARGS__))
