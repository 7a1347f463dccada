#include "cli/text_files.h"

#include "core/buf.h"

#include <nuages/errors.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { LARGEST = 16 << 20, PIECE = 64 << 10 };

void nu__make_folders_for(nu_str path)
{
    for (size_t i = 1; i < path.len; i++) {
        nu_str folder;

        if (path.ptr[i] != '/')
            continue;
        folder = nu_copy((nu_str){ path.ptr, i });
        if (mkdir(folder.ptr, 0777) && errno != EEXIST)
            nu_raise(NU_COMMAND_ERROR, "{} could not be made: {}.", folder, strerror(errno));
    }
}

static void write_to(FILE *file, nu_str path, nu_str text)
{
    bool written = file && fwrite(text.ptr, 1, text.len, file) == text.len;

    if ((file && fclose(file)) || !written)
        nu_raise(NU_COMMAND_ERROR, "{} could not be written: {}.", path, strerror(errno));
}

void nu__write_text_file(nu_str path, nu_str text)
{
    write_to(fopen(path.ptr, "we"), path, text);
}

void nu__write_secret_file(nu_str path, nu_str text)
{
    int fd = open(path.ptr, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    write_to(fd < 0 ? NULL : fdopen(fd, "w"), path, text);
}

static void close_file(void *file)
{
    fclose(file);
}

nu_str nu__read_text_file(nu_str path)
{
    FILE *file = fopen(path.ptr, "re");
    nu__buf text = { 0 };
    size_t n;

    if (!file)
        nu_raise(NU_COMMAND_ERROR, "{} could not be read: {}.", path, strerror(errno));
    nu_defer(close_file, file);
    do {
        nu__buf_reserve(&text, PIECE);
        n = fread(text.data + text.len, 1, PIECE, file);
        text.len += n;
        if (text.len > LARGEST)
            nu_raise(NU_COMMAND_ERROR, "{} has more than {} bytes.", path, (int)LARGEST);
    } while (n);
    if (ferror(file))
        nu_raise(NU_COMMAND_ERROR, "{} could not be read: {}.", path, strerror(errno));
    return nu__buf_str(&text);
}
