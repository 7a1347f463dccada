/* pack: a static executable as a smaller one that unpacks itself into memory; see single/packed.h.
 */
#include "single/packed.h"

#include "cli/command.h"
#include "cli/commands.h"
#include "cli/text_files.h"
#include "core/buf.h"

#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

extern const nu_embedded_file nu__unpacker[];

enum { PAGE = 4096, LEVEL = 9, MOST_HEADERS = 32 };

/* ---- the executable that is given ------------------------------------------------------------ */

static void unmap(void *bytes)
{
    nu_str *file = bytes;

    munmap((void *)(uintptr_t)file->ptr, file->len);
}

static nu_str map_file(nu_str path)
{
    int fd = open(path.ptr, O_RDONLY | O_CLOEXEC);
    struct stat about;
    nu_str *file = nu_alloc(nu_str);
    void *bytes = MAP_FAILED;

    if (fd >= 0 && fstat(fd, &about) == 0 && about.st_size > 0)
        bytes = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (fd >= 0)
        close(fd);
    if (bytes == MAP_FAILED)
        nu_raise(NU_COMMAND_ERROR, "{} is no file that can be read.", path);
    *file = (nu_str){ bytes, (size_t)about.st_size };
    nu_on_fiber_end(unmap, file);
    return *file;
}

static const Elf64_Ehdr *header_of(nu_str file)
{
    return (const Elf64_Ehdr *)(const void *)file.ptr;
}

static const Elf64_Phdr *headers_of(nu_str file)
{
    return (const Elf64_Phdr *)(const void *)(file.ptr + header_of(file)->e_phoff);
}

static bool inside(nu_str file, uint64_t offset, uint64_t size)
{
    return offset <= file.len && size <= file.len - offset;
}

/* Why it cannot be packed, or NULL. */
static const char *fault_of(nu_str file)
{
    const Elf64_Ehdr *header = header_of(file);
    const Elf64_Ehdr *own = (const Elf64_Ehdr *)(const void *)nu__unpacker[0].bytes;

    if (file.len < sizeof *header || memcmp(header->e_ident, ELFMAG, SELFMAG) ||
        header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_machine != own->e_machine)
        return "it is no executable of this machine";
    if (header->e_phnum > MOST_HEADERS || header->e_phentsize != sizeof(Elf64_Phdr) ||
        !inside(file, header->e_phoff, header->e_phnum * sizeof(Elf64_Phdr)))
        return "its program headers are damaged";
    for (size_t i = 0; i < header->e_phnum; i++) {
        const Elf64_Phdr *segment = &headers_of(file)[i];

        if (segment->p_type == PT_INTERP || header->e_type != ET_EXEC)
            return "it is not static; link it with -static -no-pie";
        if (segment->p_type == PT_LOAD && segment->p_vaddr + segment->p_memsz > NU__UNPACKER_AT)
            return "it was packed already, or lies at addresses that the unpacker needs";
        if (segment->p_type == PT_LOAD && !inside(file, segment->p_offset, segment->p_filesz))
            return "its segments are damaged";
    }
    return NULL;
}

/* ---- the one that is made -------------------------------------------------------------------- */

static uint64_t protection_of(const Elf64_Phdr *segment)
{
    return (uint64_t)(segment->p_flags & PF_R ? PROT_READ : 0) |
           (uint64_t)(segment->p_flags & PF_W ? PROT_WRITE : 0) |
           (uint64_t)(segment->p_flags & PF_X ? PROT_EXEC : 0);
}

static void deflate_segment(nu__buf *out, nu_str file, const Elf64_Phdr *from,
                            nu__packed_segment *to)
{
    uLongf size = compressBound(from->p_filesz);
    Bytef *room = nu_alloc_array(Bytef, size);

    if (compress2(room, &size, (const Bytef *)file.ptr + from->p_offset, from->p_filesz, LEVEL) !=
        Z_OK)
        nu_raise(NU_COMMAND_ERROR, "no memory to compress {} bytes", (int64_t)from->p_filesz);
    *to = (nu__packed_segment){ .address = from->p_vaddr,
                                .memory_size = from->p_memsz,
                                .file_size = from->p_filesz,
                                .stream = out->len,
                                .stream_size = size,
                                .protection = protection_of(from) };
    nu__buf_add(out, room, size);
}

/* What is mapped at NU__PACKED_AT: the table, and the streams behind it. */
static nu_str pack_segments(nu_str file, nu_str path)
{
    const Elf64_Ehdr *header = header_of(file);
    nu__packed packed = { .entry = header->e_entry, .n_headers = header->e_phnum };
    nu__buf out = { 0 };
    nu_str text;

    nu__buf_add(&out, &packed, sizeof packed);
    for (size_t i = 0; i < header->e_phnum; i++) {
        const Elf64_Phdr *segment = &headers_of(file)[i];

        if (segment->p_type != PT_LOAD)
            continue;
        if (packed.n_segments == NU__MOST_SEGMENTS)
            nu_raise(NU_COMMAND_ERROR, "{} can't be packed: it has more than {} segments.", path,
                     NU__MOST_SEGMENTS);
        if (segment->p_offset <= header->e_phoff &&
            header->e_phoff < segment->p_offset + segment->p_filesz)
            packed.headers = segment->p_vaddr + header->e_phoff - segment->p_offset;
        deflate_segment(&out, file, segment, &packed.segments[packed.n_segments++]);
    }
    text = nu__buf_str(&out);
    memcpy((char *)(uintptr_t)text.ptr, &packed, sizeof packed);
    return text;
}

static void align(nu__buf *out, size_t to)
{
    while (out->len % to)
        nu__buf_add(out, "", 1);
}

/* The unpacker, what it unpacks, and program headers for both. */
static nu_str executable(nu_str packed)
{
    nu_str unpacker = { (const char *)nu__unpacker[0].bytes, nu__unpacker[0].len };
    Elf64_Ehdr header = *header_of(unpacker);
    Elf64_Phdr load = { .p_type = PT_LOAD,
                        .p_flags = PF_R,
                        .p_vaddr = NU__PACKED_AT,
                        .p_paddr = NU__PACKED_AT,
                        .p_filesz = packed.len,
                        .p_memsz = packed.len,
                        .p_align = PAGE };
    nu__buf out = { 0 };
    nu_str text;

    nu__buf_str_add(&out, unpacker);
    align(&out, PAGE);
    load.p_offset = out.len;
    nu__buf_str_add(&out, packed);
    align(&out, sizeof(uint64_t));
    header.e_phoff = out.len;
    nu__buf_add(&out, headers_of(unpacker), header.e_phnum * sizeof load);
    nu__buf_add(&out, &load, sizeof load);
    header.e_phnum++;
    header.e_shoff = header.e_shnum = header.e_shstrndx = 0;
    text = nu__buf_str(&out);
    memcpy((char *)(uintptr_t)text.ptr, &header, sizeof header);
    return text;
}

/* The file may be running: it is replaced, not written over. */
static void replace(nu_str path, nu_str text)
{
    nu_str next = nu_fmt("{}.packed", path);

    nu__write_text_file(next, text);
    if (chmod(next.ptr, 0755) || rename(next.ptr, path.ptr))
        nu_raise(NU_COMMAND_ERROR, "{} could not be replaced.", path);
}

static int pack(const nu_command_run *run)
{
    nu_str path = nu_command_text(run, "executable"), to = nu_command_text(run, "--output");
    nu_str file = map_file(path), packed;
    const char *fault = fault_of(file);

    if (fault)
        nu_raise(NU_COMMAND_ERROR, "{} can't be packed: {}.", path, fault);
    packed = executable(pack_segments(file, path));
    replace(to.ptr ? to : path, packed);
    nu_command_print(run, "{}: {} bytes, packed {}\n", to.ptr ? to : path, (int64_t)file.len,
                     (int64_t)packed.len);
    return 0;
}

const nu_command nu__pack_command = {
    .name = "pack",
    .help = "Make a static executable smaller: it unpacks itself when it is started.",
    .run = pack, .needs = NU_NEEDS_NOTHING,
    .arguments = {
        { "executable", .help = "linked with -static -no-pie" },
        { "--output", .short_name = "-o", .metavar = "FILE", .help = "where to; by default in its place" },
    },
};
