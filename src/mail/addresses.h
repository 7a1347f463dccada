/**
 * @file
 * Addresses of mail: in headers, where names may be of any script, and on the envelope.
 */
#pragma once
#include <nuages/strings.h>

/* The addresses of a header's value in ASCII: names as encoded words, hosts as Punycode. Raises
   ValueError. */
nu_str nu__addresses_encode(nu_str value);

/* The bare address of a mailbox, "Ada <ada@example.com>", as the envelope has it. Raises ValueError
   for what is none, or more than one. Django: sanitize_address() */
nu_str nu__address_bare(nu_str mailbox);
