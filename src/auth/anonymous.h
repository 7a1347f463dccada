/**
 * @file
 * Who makes a request, for templates: `user` and `perms`. A visitor is anonymous unless the site
 * has attached a user by nu_request_set(req, "user", …).
 *
 * Django: AnonymousUser, PermWrapper
 */
#pragma once
#include "http/message.h"

/* request.user. */
nu_value nu__request_user(nu_request *req);
/* perms.app.permission: true for an active superuser, else false. */
nu_value nu__request_perms(nu_request *req);
/* Send Vary: Cookie where a page has looked at who the visitor is. */
void nu__request_user_vary(nu_request *req, nu_response *response);
