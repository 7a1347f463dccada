/* Runs files through a target once: those of its corpus, or the ones named. */
#include "target.h"
#include "unit/fuzz/corpus.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct file {
    char *bytes;
    size_t len;
} file;

/* All of a file, in a block of exactly its size; bytes NULL when it cannot be read. */
static file read_file(const char *path)
{
    file in = { 0 };
    FILE *stream = fopen(path, "rb");
    long size;

    if (!stream)
        return in;
    if (fseek(stream, 0, SEEK_END) == 0 && (size = ftell(stream)) >= 0 &&
        fseek(stream, 0, SEEK_SET) == 0) {
        in.len = (size_t)size;
        in.bytes = malloc(in.len + !in.len);
    }
    if (in.bytes && fread(in.bytes, 1, in.len, stream) != in.len) {
        free(in.bytes);
        in.bytes = NULL;
    }
    fclose(stream);
    return in;
}

/* The name comes first: a sanitizer or a failed check ends the program. */
static bool replay(const char *path)
{
    file in = read_file(path);

    printf("%s\n", path);
    fflush(stdout);
    if (!in.bytes) {
        printf("  cannot be read\n");
        return false;
    }
    fuzz_run(in.bytes, in.len);
    free(in.bytes);
    return true;
}

static int plain_file(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void replay_folder(const char *folder, int *passed, int *failed)
{
    struct dirent **entries;
    int n = scandir(folder, &entries, plain_file, alphasort);
    char path[8192];

    if (n <= 0)
        printf("FAIL there is no corpus in %s\n", folder);
    for (int i = 0; i < n; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        ++*(replay(path) ? passed : failed);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
}

int main(int argc, char **argv)
{
    int passed = 0, failed = 0;
    char folder[4096];

    snprintf(folder, sizeof folder, "%s/%s", FUZZ_CORPUS, fuzz_target_name);
    if (argc < 2)
        replay_folder(folder, &passed, &failed);
    for (int i = 1; i < argc; i++)
        ++*(replay(argv[i]) ? &passed : &failed);
    printf("%d passed, %d failed\n", passed, failed);
    return failed || !passed;
}
