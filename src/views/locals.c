#include "views/locals.h"

#include "core/buf.h"
#include "views/secrets.h"

#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#if defined(NU__HAVE_LIBDW) && defined(__x86_64__)
#include <dwarf.h>
#include <elfutils/libdw.h>

enum {
    MOST_FRAMES = 256,
    MOST_TEXT = 80,
    MOST_PARTS = 12,
    MOST_DEPTH = 2,
    RBP = 6,
    STACK = 1 << 20,
    MOST_FRAME = 8 << 10,
    GUARD_MAGIC = 0x41B58AB3 /* of the address sanitizer */
};

/* ---- memory ---------------------------------------------------------------------------------- */

/* false: nothing is there, or what lay there is gone by now. */
static bool read_at(const nu__stack_view *stack, uintptr_t address, void *into, size_t n)
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

/* The frame pointer of the function that an address lies in; 0: not among the frames. */
static uintptr_t frame_of(const nu__stack_view *stack, uintptr_t address)
{
    uintptr_t frame = stack->frame, pair[2];

    /* reports count from the instruction, or from the one before it */
    if (stack->pc && address + 1 - stack->pc <= 2)
        return frame;
    for (int i = 0; i < MOST_FRAMES && read_at(stack, frame, pair, sizeof pair); i++) {
        if (pair[1] - 1 == address)
            return pair[0];
        if (pair[0] <= frame)
            break;
        frame = pair[0];
    }
    return 0;
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

static bool type_of(Dwarf_Die *die, Dwarf_Die *out)
{
    Dwarf_Attribute attribute;

    return dwarf_attr_integrate(die, DW_AT_type, &attribute) && dwarf_formref_die(&attribute, out);
}

static void print_quoted(printer *p, uintptr_t at, size_t len)
{
    char text[MOST_TEXT];
    size_t shown = len < sizeof text ? len : sizeof text;
    nu__buf quoted = { 0 };

    if (shown && !read_at(p->stack, at, text, shown)) {
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

    while (len < MOST_TEXT + 1 && read_at(p->stack, at + len, &c, 1) && c)
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
    if (size < 1 || size > 8 || !read_at(p->stack, at, bytes, (size_t)size)) {
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

    if (!read_at(p->stack, at, &address, sizeof address))
        nu__buf_lit(&p->out, "?");
    else if (!address)
        nu__buf_lit(&p->out, "NULL");
    else if (type_of(type, &target) && is_char(&target))
        print_text(p, address);
    else if (depth < MOST_DEPTH && type_of(type, &target) && peel(&target, &plain) &&
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

    if (!read_at(p->stack, at, &number, sizeof number))
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

        if (dwarf_tag(&each) != DW_TAG_member || !name || !type_of(&each, &member) ||
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

    if (!read_at(p->stack, at, &text, sizeof text))
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
        if (type_of(&plain, &element) && is_char(&element)) {
            print_text(p, at);
            break;
        } /* fallthrough */
    default:
        nu__buf_lit(&p->out, "…");
    }
}

/* ---- variables ------------------------------------------------------------------------------- */

/* The only operation of a place; NULL where it takes more, or there is none here. */
static const Dwarf_Op *single_operation(Dwarf_Die *die, unsigned what, Dwarf_Addr pc)
{
    Dwarf_Attribute attribute;
    Dwarf_Op *operations;
    size_t n = 0;

    if (!dwarf_attr_integrate(die, what, &attribute) ||
        dwarf_getlocation_addr(&attribute, pc, &operations, &n, 1) != 1 || n != 1)
        return NULL;
    return operations;
}

/* What places are counted from: the caller's stack pointer with gcc, the frame pointer with clang.
 */
static bool base_of(Dwarf_Die *function, Dwarf_Addr pc, uintptr_t frame, uintptr_t *base)
{
    const Dwarf_Op *at = single_operation(function, DW_AT_frame_base, pc);

    if (at && at->atom == DW_OP_call_frame_cfa)
        *base = frame + 2 * sizeof(void *);
    else if (at && at->atom == DW_OP_reg0 + RBP)
        *base = frame;
    else if (at && at->atom == DW_OP_breg0 + RBP)
        *base = frame + (uintptr_t)at->number;
    else
        return false;
    return true;
}

/* A function as it stands on the stack. */
typedef struct place {
    const nu__stack_view *stack;
    Dwarf_Addr pc; /* as the debugging information counts */
    uintptr_t frame, base;
    uintptr_t guarded; /* what the address sanitizer laid out for it; 0: nothing */
} place;

/* The sanitizer keeps variables whose address is taken in a piece of its own, found by what it
   begins with: a magic number, the text that describes it, the function. */
static uintptr_t find_guarded(const place *p, uintptr_t function)
{
    uintptr_t words[3];

    for (uintptr_t at = p->frame & ~(uintptr_t)15; at + MOST_FRAME > p->frame; at -= 16)
        if (read_at(p->stack, at, words, sizeof words) && words[0] == GUARD_MAGIC &&
            words[2] == function)
            return at;
    return 0;
}

/* "2 48 4 8 count:51 64 16 6 who:52": how many, then offset, size, length and name of each. */
static uintptr_t guarded_variable(const place *p, const char *name)
{
    char text[1024] = "", *at = text;
    uintptr_t words[2];
    size_t wanted = strlen(name), len;
    unsigned long offset, n;

    if (!p->guarded || !read_at(p->stack, p->guarded, words, sizeof words))
        return 0;
    for (size_t i = 0;
         i < sizeof text - 1 && read_at(p->stack, words[1] + i, text + i, 1) && text[i];)
        i++;
    n = strtoul(at, &at, 10);
    while (n--) {
        offset = strtoul(at, &at, 10);
        strtoul(at, &at, 10);
        len = strtoul(at, &at, 10);
        if (*at != ' ' || len > strlen(at + 1))
            return 0;
        at++;
        if (!strncmp(at, name, wanted) && (at[wanted] == ':' || wanted == len))
            return p->guarded + offset;
        at += len;
    }
    return 0;
}

/* 0: in a register, or nowhere. */
static uintptr_t address_of(const place *p, Dwarf_Die *variable, const char *name)
{
    const Dwarf_Op *at = single_operation(variable, DW_AT_location, p->pc);

    return at && at->atom == DW_OP_fbreg ? p->base + (uintptr_t)at->number
                                         : guarded_variable(p, name);
}

static void add_variables(const place *where, Dwarf_Die *scope, nu_dict *locals)
{
    Dwarf_Die each, type;

    for (int more = dwarf_child(scope, &each); more == 0; more = dwarf_siblingof(&each, &each)) {
        int tag = dwarf_tag(&each);
        const char *name = dwarf_diename(&each);
        printer p = { .stack = where->stack };
        uintptr_t at;
        nu_value inner;

        if ((tag != DW_TAG_variable && tag != DW_TAG_formal_parameter) || !name ||
            nu_dict_find(locals, nu_s(name), &inner) || !type_of(&each, &type))
            continue;
        at = address_of(where, &each, name);
        if (!at)
            continue;
        print_value(&p, &type, at, 0);
        nu_dict_set_str(locals, nu_copy_cstr(name),
                        V(nu__secret_masked(nu_s(name), nu__buf_str(&p.out))));
    }
}

/* From the innermost block to the function's own. */
static void find_in(const nu__stack_view *stack, uintptr_t address, nu__frame_info *info)
{
    place p = { .stack = stack, .frame = frame_of(stack, address) };
    Dwarf_Addr bias = 0, function = 0;
    Dwarf_Die *unit = p.frame ? nu__debug_unit(address, &bias) : NULL, *scopes = NULL;
    int n, last = 0;

    p.pc = address - bias;
    n = unit ? dwarf_getscopes(unit, p.pc, &scopes) : 0;
    while (last < n && dwarf_tag(&scopes[last]) != DW_TAG_subprogram)
        last++;
    if (last < n && base_of(&scopes[last], p.pc, p.frame, &p.base)) {
        if (dwarf_lowpc(&scopes[last], &function) == 0)
            p.guarded = find_guarded(&p, function + bias);
        info->locals = nu_dict_new();
        for (int i = 0; i <= last; i++)
            add_variables(&p, &scopes[i], info->locals);
    }
    free(scopes);
}

void nu__locals_find(const nu__stack_view *stack, const uintptr_t *addresses,
                     nu__frame_info *frames, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!frames[i].own)
            find_in(stack, addresses[i], &frames[i]);
}

#else

void nu__locals_find(const nu__stack_view *stack, const uintptr_t *addresses,
                     nu__frame_info *frames, size_t n)
{
    (void)stack;
    (void)addresses;
    (void)frames;
    (void)n;
}

#endif
