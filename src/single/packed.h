/**
 * @file
 * What lies behind the unpacker in a packed executable: written by `pack`, read by unpack.c.
 *
 *     ELF header              of the unpacker, its program headers moved to the file's end
 *     the unpacker            runs first, at NU__UNPACKER_AT
 *     nu__packed, streams     mapped at NU__PACKED_AT: each segment of the site, deflated by itself
 *     program headers         the unpacker's, and one for what is mapped at NU__PACKED_AT
 */
#pragma once
#include <stdint.h>

/* Both above any static executable, which the linker lays from 0x400000 on. */
#define NU__UNPACKER_AT 0x40000000ULL
#define NU__PACKED_AT   0x50000000ULL

enum { NU__MOST_SEGMENTS = 8 };

typedef struct nu__packed_segment {
    uint64_t address, memory_size, file_size; /* as in its program header */
    uint64_t stream, stream_size;             /* from the start of nu__packed */
    uint64_t protection;                      /* PROT_READ and its like */
} nu__packed_segment;

typedef struct nu__packed {
    uint64_t entry, headers, n_headers; /* where the site starts; AT_PHDR and AT_PHNUM of it */
    uint64_t n_segments;
    nu__packed_segment segments[NU__MOST_SEGMENTS];
} nu__packed;
