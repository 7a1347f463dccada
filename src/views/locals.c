/* Local variables of frames: which lie where. */
#include "views/locals_int.h"

#include "views/secrets.h"

#include <stdlib.h>
#include <string.h>

#ifdef NU__HAVE_LOCALS
#include <dwarf.h>

enum {
    RBX = 3,
    RBP = 6,
    MOST_FRAME = 8 << 10,
    GUARD_MAGIC = 0x41B58AB3 /* of the address sanitizer */
};

/* ---- frames ---------------------------------------------------------------------------------- */

/* The frame of a call among those from *next on, which goes past it; NULL: it is not there. Reports
   count from the instruction, from the one before it, or from inside of it. */
static const nu__unwound *frame_of(const nu__stack_view *stack, uintptr_t address, size_t *next)
{
    for (size_t i = *next; i < stack->n_frames; i++)
        if (address + 1 - stack->frames[i].pc <= 2) {
            *next = i + 1;
            return &stack->frames[i];
        }
    return NULL;
}

/* ---- places ---------------------------------------------------------------------------------- */

/* A function as it stands on the stack. */
typedef struct place {
    const nu__stack_view *stack;
    const nu__unwound *frame;
    Dwarf_Addr pc;     /* as the debugging information counts */
    uintptr_t base;    /* of the function's frame, in its words */
    uintptr_t guarded; /* what the address sanitizer laid out for it; 0: nothing */
} place;

/* One operation on what those before it gave; false: not one of those that name a place on the
   stack. */
static bool operate(const place *p, const Dwarf_Op *op, uintptr_t *at)
{
    uintptr_t offset = (uintptr_t)op->number;

    switch (op->atom) {
    case DW_OP_fbreg:
        *at = p->base + offset;
        return true;
    case DW_OP_call_frame_cfa: /* above the return address */
        *at = p->frame->frame + 2 * sizeof(void *);
        return true;
    case DW_OP_reg0 + RBP:
        *at = p->frame->frame;
        return true;
    case DW_OP_breg0 + RBP:
        *at = p->frame->frame + offset;
        return true;
    case DW_OP_breg0 + RBX:
        *at = p->frame->base + offset;
        return true;
    case DW_OP_deref:
        return nu__stack_read(p->stack, *at, at, sizeof *at);
    case DW_OP_plus_uconst:
        *at += offset;
        return true;
    default:
        return false;
    }
}

/* The address that an attribute describes; 0: in a register, or nowhere. */
static uintptr_t evaluate(const place *p, Dwarf_Die *die, unsigned what)
{
    Dwarf_Attribute attribute;
    Dwarf_Op *operations;
    uintptr_t at = 0;
    size_t n = 0;

    if (!dwarf_attr_integrate(die, what, &attribute) ||
        dwarf_getlocation_addr(&attribute, p->pc, &operations, &n, 1) != 1)
        return 0;
    for (size_t i = 0; i < n; i++)
        if (!operate(p, &operations[i], &at))
            return 0;
    return at;
}

/* The sanitizer keeps variables whose address is taken in a piece of its own, found by what it
   begins with: a magic number, the text that describes it, the function. */
static uintptr_t find_guarded(const place *p, uintptr_t function)
{
    uintptr_t words[3];

    for (uintptr_t at = p->frame->frame & ~(uintptr_t)15; at + MOST_FRAME > p->frame->frame;
         at -= 16)
        if (nu__stack_read(p->stack, at, words, sizeof words) && words[0] == GUARD_MAGIC &&
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

    if (!p->guarded || !nu__stack_read(p->stack, p->guarded, words, sizeof words))
        return 0;
    for (size_t i = 0;
         i < sizeof text - 1 && nu__stack_read(p->stack, words[1] + i, text + i, 1) && text[i];)
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

static uintptr_t address_of(const place *p, Dwarf_Die *variable, const char *name)
{
    uintptr_t at = evaluate(p, variable, DW_AT_location);

    return at ? at : guarded_variable(p, name);
}

/* ---- variables ------------------------------------------------------------------------------- */

static void add_variables(const place *where, Dwarf_Die *scope, nu_dict *locals)
{
    Dwarf_Die each, type;

    for (int more = dwarf_child(scope, &each); more == 0; more = dwarf_siblingof(&each, &each)) {
        int tag = dwarf_tag(&each);
        const char *name = dwarf_diename(&each);
        uintptr_t at;
        nu_value inner;

        if ((tag != DW_TAG_variable && tag != DW_TAG_formal_parameter) || !name ||
            nu_dict_find(locals, nu_s(name), &inner) || !nu__debug_type(&each, &type))
            continue;
        at = address_of(where, &each, name);
        if (!at)
            continue;
        nu_dict_set_str(locals, nu_copy_cstr(name),
                        V(nu__secret_masked(nu_s(name), nu__local_text(where->stack, &type, at))));
    }
}

/* From the innermost block to the function's own. */
static void find_in(place p, uintptr_t address, nu__frame_info *info)
{
    Dwarf_Addr bias = 0, function = 0;
    Dwarf_Die *unit = nu__debug_unit(address, &bias), *scopes = NULL;
    int n, last = 0;

    p.pc = address - bias;
    n = unit ? dwarf_getscopes(unit, p.pc, &scopes) : 0;
    while (last < n && dwarf_tag(&scopes[last]) != DW_TAG_subprogram)
        last++;
    if (last < n && (p.base = evaluate(&p, &scopes[last], DW_AT_frame_base))) {
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
    size_t next = 0;

    for (size_t i = 0; i < n; i++) {
        const nu__unwound *frame = frame_of(stack, addresses[i], &next);

        if (frame && !frames[i].own)
            find_in((place){ .stack = stack, .frame = frame }, addresses[i], &frames[i]);
    }
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
