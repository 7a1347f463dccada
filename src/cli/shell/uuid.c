/* UUID. */
#include "cli/shell/object.h"

#include "cli/shell/int.h"
#include "core/uuid.h"

#include <string.h>

static bool equal(nu__py a, nu__py b, bool *out)
{
    if (a.type != b.type)
        return false;
    *out = nu_uuid_eq(a.uuid, b.uuid);
    return true;
}

static bool compare(nu__py a, nu__py b, int *order)
{
    if (a.type != b.type)
        return false;
    *order = memcmp(a.uuid.bytes, b.uuid.bytes, sizeof a.uuid.bytes);
    return true;
}

static bool hash(nu__py self, uint64_t *out)
{
    memcpy(out, self.uuid.bytes, sizeof *out);
    return true;
}

static bool truth(nu__py self)
{
    (void)self;
    return true;
}

static void text(nu__py self, nu__buf *out)
{
    char text[NU__UUID_TEXT];

    nu__uuid_text(text, self.uuid);
    nu__buf_str_add(out, nu_s(text));
}

static void repr(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "UUID('{}')", nu__py_text(self));
}

static void json(nu__py self, nu__buf *out)
{
    nu__buf_fmt(out, "{{\"$uuid\": \"{}\"}}", nu__py_text(self));
}

static nu__py hex(nu__py self)
{
    char text[33];

    nu__uuid_hex(text, self.uuid);
    return nu__py_str(nu_copy_cstr(text));
}

static nu__py version(nu__py self)
{
    int n = self.uuid.bytes[6] >> 4;

    return (self.uuid.bytes[8] & 0xC0) == 0x80 ? nu__py_int(n) : nu__py_none();
}

static nu__py bytes(nu__py self)
{
    uint8_t *copy = nu_alloc_array(uint8_t, 16);

    memcpy(copy, self.uuid.bytes, 16);
    return nu__py_bytes((nu_bytes){ copy, 16 });
}

static nu__py number(nu__py self)
{
    char text[33];
    nu__py out = nu__py_int(0);

    nu__uuid_hex(text, self.uuid);
    (void)nu__py_int_parse(nu_s(text), 16, &out);
    return out;
}

static nu__py of_bytes(nu__py value)
{
    nu__py out = { .type = &nu__py_uuid_type };

    if (value.type != &nu__py_bytes_type || value.bytes.len != 16)
        nu_raise(NU_VALUE_ERROR, "bytes is not a 16-char string");
    memcpy(out.uuid.bytes, value.bytes.ptr, 16);
    return out;
}

static nu__py of_number(nu__py value)
{
    nu_str hex = nu__py_format(value, S("x"));
    nu_uuid uuid;

    if (!NU__PY_IS(value, int) || hex.len > 32 || hex.ptr[0] == '-')
        nu_raise(NU_VALUE_ERROR, "int is out of range (need a 128-bit value)");
    (void)nu_uuid_try_parse(nu_fmt("{:0>32}", hex), &uuid);
    return nu__py_uuid(uuid);
}

static nu__py make(nu__py self, const nu__py *args)
{
    nu_uuid uuid;

    (void)self;
    if (nu__py_given(args[1]))
        return of_bytes(args[1]);
    if (nu__py_given(args[2]))
        return of_number(args[2]);
    if (!nu__py_given(args[0]))
        nu_raise(NU_TYPE_ERROR, "one of the hex, bytes, bytes_le, fields, or int arguments must be "
                                "given");
    if (args[0].type == &nu__py_uuid_type || !NU__PY_IS(args[0], str))
        nu_raise(NU_ATTRIBUTE_ERROR, "'{}' object has no attribute 'replace'", args[0].type->name);
    if (!nu_uuid_try_parse(args[0].s, &uuid))
        nu_raise(NU_VALUE_ERROR, "badly formed hexadecimal UUID string");
    return nu__py_uuid(uuid);
}

const nu__py_type nu__py_uuid_type = {
    .name = "UUID",
    .module = "uuid",
    .attributes = (const nu__py_attribute[]){ { "bytes", bytes },
                                              { "hex", hex },
                                              { "int", number },
                                              { "version", version },
                                              { NULL, NULL } },
    .signature = "hex=, bytes=, int=",
    .make = make,
    .equal = equal,
    .compare = compare,
    .hash = hash,
    .truth = truth,
    .repr = repr,
    .text = text,
    .json = json,
};
