/**
 * @file
 * Hashes that follow a user's password: the one that ties a session to it, and the token of a link
 * to set a new one. Byte for byte Django's.
 *
 * Django: AbstractBaseUser.get_session_auth_hash(), PasswordResetTokenGenerator
 */
#pragma once
#include <nuages/timezone.h>
#include <nuages/values.h>

/* What the tokens depend on: they end with a login, a new password or another address. */
typedef struct nu__token_user {
    nu_str pk, password, email;
    nu_datetime last_login; /* null: never */
} nu__token_user;

/* 64 hexadecimal digits; changes with the password. */
nu_str nu__session_auth_hash(nu_str secret, nu_str password);

/* "c76839-23735c…" for the moment `now`. */
nu_str nu__reset_token(nu_str secret, const nu__token_user *user, nu_datetime now);
/* Whether one of the keys made it for the user as they are, at most `timeout` seconds ago. */
bool nu__reset_token_valid(const nu_str *secrets, size_t n, const nu__token_user *user,
                           nu_str token, nu_datetime now, int64_t timeout);
