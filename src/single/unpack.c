/*
 * The first instructions of a packed executable: lays the site's segments where its program headers
 * want them, as the kernel would have, and goes on at its entry.
 *
 * There is no C library here, nor a thread pointer: only system calls, and inflate of zlib over the
 * few functions below. What fails ends the process with a line on standard error and status 127.
 */
#include "packed.h"

#include <elf.h>
#include <linux/mman.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <zlib.h>

/* ---- the machine ----------------------------------------------------------------------------- */

#if defined __x86_64__
__asm__(".globl _start\n_start:\n"
        "    mov %rsp, %rbx\n    mov %rsp, %rdi\n    and $-16, %rsp\n    call unpack\n"
        "    mov %rbx, %rsp\n    xor %edx, %edx\n    jmp *%rax\n");

static long call(long number, long a, long b, long c, long d, long e, long f)
{
    register long r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
    long result;

    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

/* zlib is built with a guard against smashed stacks, which lies behind the thread pointer. */
static void set_guard(void)
{
    static uint64_t thread[8];

    call(SYS_arch_prctl, 0x1002 /* ARCH_SET_FS */, (long)thread, 0, 0, 0, 0);
}

#elif defined __aarch64__
__asm__(".globl _start\n_start:\n"
        "    mov x19, sp\n    mov x0, sp\n    bl unpack\n    mov x1, x0\n    mov sp, x19\n"
        "    mov x0, #0\n    br x1\n");

static long call(long number, long a, long b, long c, long d, long e, long f)
{
    register long x8 __asm__("x8") = number, x0 __asm__("x0") = a, x1 __asm__("x1") = b,
                     x2 __asm__("x2") = c, x3 __asm__("x3") = d, x4 __asm__("x4") = e,
                     x5 __asm__("x5") = f;

    __asm__ volatile("svc 0"
                     : "+r"(x0)
                     : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                     : "memory");
    return x0;
}

uintptr_t __stack_chk_guard;

static void set_guard(void)
{
}

#else
#error "packed executables: _start and system calls are written for x86_64 and aarch64 only"
#endif

/* ---- what zlib wants of a C library ---------------------------------------------------------- */

void *memcpy(void *to, const void *from, size_t n);
void *memset(void *to, int byte, size_t n);
void *malloc(size_t n);
void free(void *p);
_Noreturn void __stack_chk_fail(void);

void *memcpy(void *to, const void *from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ((char *)to)[i] = ((const char *)from)[i];
    return to;
}

void *memset(void *to, int byte, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ((char *)to)[i] = (char)byte;
    return to;
}

static char room[64 << 10]; /* inflate asks for its state, once, and no window where all is there */
static size_t taken;

void *malloc(size_t n)
{
    size_t at = (taken + 15) & ~(size_t)15;

    if (n > sizeof room - at)
        return NULL;
    taken = at + n;
    return room + at;
}

void free(void *p)
{
    (void)p;
}

/* ---- unpacking ------------------------------------------------------------------------------- */

static _Noreturn void stop(const char *why, size_t len)
{
    call(SYS_write, 2, (long)why, (long)len, 0, 0, 0);
    call(SYS_exit_group, 127, 0, 0, 0, 0, 0);
    __builtin_unreachable();
}

#define STOP(text) stop(text "\n", sizeof text)

void __stack_chk_fail(void)
{
    STOP("unpack: the stack was overwritten");
}

enum { PAGE = 4096 };

static void lay_out(z_stream *stream, const nu__packed *packed, const nu__packed_segment *segment)
{
    uint64_t first = segment->address & ~(uint64_t)(PAGE - 1);
    uint64_t size =
        (segment->address + segment->memory_size - first + PAGE - 1) & ~(uint64_t)(PAGE - 1);
    long at = call(SYS_mmap, (long)first, (long)size, 1 | 2 /* PROT_READ | PROT_WRITE */,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

    if (at != (long)first)
        STOP("unpack: no memory, or its addresses are taken");
    stream->next_in = (Bytef *)(uintptr_t)((const char *)packed + segment->stream);
    stream->avail_in = (uInt)segment->stream_size;
    stream->next_out = (Bytef *)(uintptr_t)segment->address;
    stream->avail_out = (uInt)segment->file_size;
    if (inflateReset(stream) != Z_OK || inflate(stream, Z_FINISH) != Z_STREAM_END ||
        stream->avail_out)
        STOP("unpack: the file is damaged");
    if (call(SYS_mprotect, (long)first, (long)size, (long)segment->protection, 0, 0, 0))
        STOP("unpack: memory could not be protected");
}

/* The C library of the site finds its own program headers by the vector that the kernel passed. */
static void tell(long *stack, const nu__packed *packed)
{
    long *p = stack + 1 + *stack + 1; /* past the arguments and their NULL */

    while (*p++)
        continue; /* past the environment */
    for (Elf64_auxv_t *a = (Elf64_auxv_t *)p; a->a_type != AT_NULL; a++)
        if (a->a_type == AT_PHDR)
            a->a_un.a_val = packed->headers;
        else if (a->a_type == AT_PHNUM)
            a->a_un.a_val = packed->n_headers;
        else if (a->a_type == AT_ENTRY)
            a->a_un.a_val = packed->entry;
}

/* Called by _start with its stack; _start goes on at what it returns. */
uint64_t unpack(long *stack);

uint64_t unpack(long *stack)
{
    const nu__packed *packed = (const nu__packed *)(uintptr_t)NU__PACKED_AT;
    z_stream stream;

    set_guard();
    memset(&stream, 0, sizeof stream);
    if (inflateInit(&stream) != Z_OK)
        STOP("unpack: zlib could not be started");
    for (uint64_t i = 0; i < packed->n_segments; i++)
        lay_out(&stream, packed, &packed->segments[i]);
    tell(stack, packed);
    return packed->entry;
}
