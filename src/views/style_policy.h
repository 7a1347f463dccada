/**
 * @file
 * Policies of a site (Content-Security-Policy) that forbid styles within the page, and the styles
 * of the pages for developers: each is admitted by its hash, and nothing else is.
 */
#pragma once
#include <nuages/http.h>

/* In the policies that the response has. Under DEBUG alone: what a visitor gets is the site's own.
 */
void nu__style_policy_allow(nu_response *response, nu_str style);
/* A policy with a <style> of that text admitted; the same where it is already, or none is
   restricted. */
nu_str nu__style_policy_with(nu_str policy, nu_str style);
