/**
 * @file
 * The words that addresses of mail are made of: atoms, quoted strings, comments, domains. Both
 * readers, addresses.c and envelope.c, stand on them. Django: what email.utils has beneath
 * getaddresses()
 */
#pragma once
#include <nuages/strings.h>

#define NU__MAIL_SPECIALS "()<>@,:;.\\\"[]"

enum { NU__MAIL_MAX_DEPTH = 64 /* of comments within comments */ };

typedef struct nu__mail_reader {
    nu_str text;
    size_t at;
    nu_list *comments; /* those that were passed over */
    int depth;
} nu__mail_reader;

bool nu__mail_ended(const nu__mail_reader *r);
/* The byte at hand; 0 at the end. */
char nu__mail_here(const nu__mail_reader *r);
/* false for 0 */
bool nu__mail_one_of(char c, const char *set);

/* Each reads from the byte at hand and passes what it read; texts lie in the fiber's arena. Raises
   ValueError for comments that are nested too deep. */
nu_str nu__mail_comment(nu__mail_reader *r);
nu_str nu__mail_quoted(nu__mail_reader *r);
nu_str nu__mail_atom(nu__mail_reader *r, const char *ends);
/* Past white space and comments, which are kept; the white space. */
nu_str nu__mail_skip_blank(nu__mail_reader *r);
/* "" for one with an @ in it */
nu_str nu__mail_domain(nu__mail_reader *r);

/* In quotes again. */
nu_str nu__mail_requoted(nu_str text);
/* Words and quoted texts up to what is neither. */
nu_list *nu__mail_phrase(nu__mail_reader *r);
