/* Variables as text, by the types that the debugging information gives them. */
#include "views/locals_int.h"

#include "core/buf.h"
#include "views/secrets.h"

#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#ifdef NU__HAVE_LOCALS
#include <dwarf.h>

enum { MOST_TEXT = 80, MOST_PARTS = 12, MOST_DEPTH = 2, STACK = 1 << 20 };

/* ---- memory ---------------------------------------------------------------------------------- */

/* false: nothing is there, or what lay there is gone by now. */
bool nu__stack_read(const nu__stack_view *stack, uintptr_t address, void *into, size_t n)
{
    struct iovec here = { into, n }, there = { (void *)address, n };

    if (stack->copy && address >= stack->base && address - stack->base < STACK) {
        if (n > stack->len || address - stack->base > stack->len - n)
            return false;
        memcpy(into, (const char *)stack->copy + (address - stack->base), n);
        return true;
    }
    return process_vm_readv(getpid(), &here, 1, &there, 1, 0) == (ssize_t)n;
}

/* ---- values ---------------------------------------------------------------------------------- */

typedef struct printer {
    const nu__stack_view *stack;
    nu__buf out;
} printer;

static void print_value(printer *p, Dwarf_Die *type, uintptr_t at, int depth);

/* What a type is beneath its names; false: void, or nothing that is known. */
static bool peel(Dwarf_Die *type, Dwarf_Die *out)
{
    *out = *type;
    return dwarf_peel_type(type, out) == 0;
}

bool nu__debug_type(Dwarf_Die *die, Dwarf_Die *out)
{
    Dwarf_Attribute attribute;

    return dwarf_attr_integrate(die, DW_AT_type, &attribute) && dwarf_formref_die(&attribute, out);
}

static void print_quoted(printer *p, uintptr_t at, size_t len)
{
    char text[MOST_TEXT];
    size_t shown = len < sizeof text ? len : sizeof text;
    nu__buf quoted = { 0 };

    if (shown && !nu__stack_read(p->stack, at, text, shown)) {
        nu__buf_fmt(&p->out, "0x{:x} (no memory is there)", (int64_t)at);
        return;
    }
    nu__buf_repr(&quoted, V(nu_copy((nu_str){ text, shown })));
    nu__buf_str_add(&p->out, nu__buf_str(&quoted));
    if (shown < len)
        nu__buf_lit(&p->out, "…");
}

/* Of a text that ends with a zero byte. */
static void print_text(printer *p, uintptr_t at)
{
    size_t len = 0;
    char c;

    while (len < MOST_TEXT + 1 && nu__stack_read(p->stack, at + len, &c, 1) && c)
        len++;
    print_quoted(p, at, len);
}

static void print_base(printer *p, Dwarf_Die *type, uintptr_t at)
{
    Dwarf_Attribute attribute;
    Dwarf_Word encoding = 0;
    int size = dwarf_bytesize(type);
    unsigned char bytes[16] = { 0 };
    uint64_t number = 0;
    double real;
    float single;

    dwarf_formudata(dwarf_attr(type, DW_AT_encoding, &attribute), &encoding);
    if (size < 1 || size > 8 || !nu__stack_read(p->stack, at, bytes, (size_t)size)) {
        nu__buf_lit(&p->out, "?");
        return;
    }
    memcpy(&number, bytes, sizeof number);
    memcpy(&real, bytes, sizeof real);
    memcpy(&single, bytes, sizeof single);
    if (encoding == DW_ATE_float)
        nu__buf_fmt(&p->out, "{}", size == 4 ? (double)single : real);
    else if (encoding == DW_ATE_boolean)
        nu__buf_str_add(&p->out, number ? S("true") : S("false"));
    else if (encoding == DW_ATE_signed || encoding == DW_ATE_signed_char)
        nu__buf_fmt(&p->out, "{}", (int64_t)(number << (64 - 8 * size)) >> (64 - 8 * size));
    else
        nu__buf_fmt(&p->out, "{}", number);
}

static bool is_char(Dwarf_Die *type)
{
    Dwarf_Die plain;

    return peel(type, &plain) && dwarf_tag(&plain) == DW_TAG_base_type &&
           dwarf_bytesize(&plain) == 1;
}

static void print_pointer(printer *p, Dwarf_Die *type, uintptr_t at, int depth)
{
    uintptr_t address;
    Dwarf_Die target, plain;

    if (!nu__stack_read(p->stack, at, &address, sizeof address))
        nu__buf_lit(&p->out, "?");
    else if (!address)
        nu__buf_lit(&p->out, "NULL");
    else if (nu__debug_type(type, &target) && is_char(&target))
        print_text(p, address);
    else if (depth < MOST_DEPTH && nu__debug_type(type, &target) && peel(&target, &plain) &&
             dwarf_tag(&plain) == DW_TAG_structure_type &&
             !dwarf_hasattr(&plain, DW_AT_declaration))
        print_value(p, &target, address, MOST_DEPTH);
    else
        nu__buf_fmt(&p->out, "0x{:x}", (int64_t)address);
}

static void print_enumerator(printer *p, Dwarf_Die *type, uintptr_t at)
{
    Dwarf_Die each;
    Dwarf_Attribute attribute;
    Dwarf_Sword value;
    int32_t number = 0;

    if (!nu__stack_read(p->stack, at, &number, sizeof number))
        nu__buf_lit(&p->out, "?");
    else {
        for (int more = dwarf_child(type, &each); more == 0; more = dwarf_siblingof(&each, &each))
            if (!dwarf_formsdata(dwarf_attr(&each, DW_AT_const_value, &attribute), &value) &&
                value == number) {
                nu__buf_str_add(&p->out, nu_s(dwarf_diename(&each)));
                return;
            }
        nu__buf_fmt(&p->out, "{}", (int64_t)number);
    }
}

/* {id = 3, name = b'cirrus'}; a nu_str as its text. */
static void print_struct(printer *p, Dwarf_Die *type, uintptr_t at, int depth)
{
    Dwarf_Die each, member;
    Dwarf_Attribute attribute;
    Dwarf_Word offset;
    int n = 0;

    if (depth > MOST_DEPTH) {
        nu__buf_lit(&p->out, "{…}");
        return;
    }
    nu__buf_lit(&p->out, "{");
    for (int more = dwarf_child(type, &each); more == 0; more = dwarf_siblingof(&each, &each)) {
        const char *name = dwarf_diename(&each);

        if (dwarf_tag(&each) != DW_TAG_member || !name || !nu__debug_type(&each, &member) ||
            dwarf_formudata(dwarf_attr(&each, DW_AT_data_member_location, &attribute), &offset))
            continue;
        nu__buf_fmt(&p->out, "{}{} = ", n ? ", " : "", name);
        if (nu__is_secret(nu_s(name)))
            nu__buf_lit(&p->out, NU__MASK);
        else
            print_value(p, &member, at + offset, depth + 1);
        if (++n == MOST_PARTS) {
            nu__buf_lit(&p->out, ", …");
            break;
        }
    }
    nu__buf_lit(&p->out, "}");
}

static void print_str(printer *p, uintptr_t at)
{
    nu_str text;

    if (!nu__stack_read(p->stack, at, &text, sizeof text))
        nu__buf_lit(&p->out, "?");
    else if (!text.ptr)
        nu__buf_lit(&p->out, "null");
    else
        print_quoted(p, (uintptr_t)text.ptr, text.len);
}

static void print_value(printer *p, Dwarf_Die *type, uintptr_t at, int depth)
{
    const char *name = dwarf_diename(type);
    Dwarf_Die plain, element;

    if (name && !strcmp(name, "nu_str")) {
        print_str(p, at);
        return;
    }
    switch (peel(type, &plain) ? dwarf_tag(&plain) : 0) {
    case DW_TAG_base_type:
        print_base(p, &plain, at);
        break;
    case DW_TAG_enumeration_type:
        print_enumerator(p, &plain, at);
        break;
    case DW_TAG_pointer_type:
        print_pointer(p, &plain, at, depth);
        break;
    case DW_TAG_structure_type:
        print_struct(p, &plain, at, depth);
        break;
    case DW_TAG_array_type:
        if (nu__debug_type(&plain, &element) && is_char(&element)) {
            print_text(p, at);
            break;
        } /* fallthrough */
    default:
        nu__buf_lit(&p->out, "…");
    }
}

nu_str nu__local_text(const nu__stack_view *stack, Dwarf_Die *type, uintptr_t at)
{
    printer p = { .stack = stack };

    print_value(&p, type, at, 0);
    return nu__buf_str(&p.out);
}

#endif
