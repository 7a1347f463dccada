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

/* Both halves in ASCII, the host as Punycode, a local part of another script as an encoded word. */
nu_str nu__address_in_ascii(nu_str local, nu_str domain);
