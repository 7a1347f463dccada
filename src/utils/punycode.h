/**
 * @file
 * Names of hosts in ASCII (RFC 3490), as Python's "idna" codec writes them.
 */
#pragma once
#include <nuages/strings.h>

/* The same text where it is ASCII. Raises ValueError for labels that are empty or too long. Never
   yields. Django: django.utils.encoding.punycode() */
nu_str nu__punycode(nu_str domain);
