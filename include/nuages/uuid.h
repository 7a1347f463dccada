/**
 * @file
 * UUIDs, as Python's uuid. All zero is null. None yields.
 */
#pragma once
#include <nuages/errors.h>

/** Random bits from the kernel. Raises OSError where it has none to give. Python: uuid4() */
nu_uuid nu_uuid4(void);
/** The name's SHA-1 in a namespace: the same name gives the same UUID. Python: uuid5() */
nu_uuid nu_uuid5(nu_uuid name_space, nu_str name);
extern const nu_uuid nu_namespace_dns, nu_namespace_url, nu_namespace_oid, nu_namespace_x500;

/** Python's forms: 32 hex digits, hyphens anywhere, "urn:uuid:" in front, braces around. Raises
 * ValueError. */
nu_uuid nu_uuid_parse(nu_str text);
/** The same, false instead of a raise. */
bool nu_uuid_try_parse(nu_str text, nu_uuid *out);
bool nu_uuid_eq(nu_uuid a, nu_uuid b);
/** "12345678-1234-5678-1234-567812345678", in the arena. */
nu_str nu_uuid_str(nu_uuid uuid);
