/* embed: a folder's files as a C table, for apps that carry their templates and static files. */
#include "cli/commands.h"
#include "cli/text_files.h"
#include "core/text.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_DEPTH = 16, A_LINE = 20 };

typedef struct found {
    nu_list *names; /* below the folder */
    nu_str folder;
} found;

static void look(found *f, nu_str below, int depth)
{
    nu_str folder = nu_fmt("{}{}{}", f->folder, below.len ? "/" : "", below);
    DIR *dir = opendir(folder.ptr);
    const struct dirent *entry;
    struct stat about;

    if (!dir || depth > MOST_DEPTH)
        nu_raise(NU_COMMAND_ERROR, "{} is no folder that can be read", folder);
    while ((entry = readdir(dir))) {
        nu_str name = nu_fmt("{}{}{}", below, below.len ? "/" : "", (const char *)entry->d_name);

        if (entry->d_name[0] == '.' || stat(nu_fmt("{}/{}", f->folder, name).ptr, &about))
            continue;
        if (S_ISDIR(about.st_mode))
            look(f, name, depth + 1);
        else
            nu_list_append(f->names, name);
    }
    closedir(dir);
}

static void print_bytes(size_t number, nu_str text)
{
    printf("static const uint8_t file_%zu[] = {", number);
    for (size_t i = 0; i < text.len; i++)
        printf("%s%u,", i % A_LINE ? "" : "\n    ", (unsigned char)text.ptr[i]);
    printf("\n    0\n};\n");
}

static int embed(const nu_command_run *run)
{
    found f = { nu_list_new(), nu_command_text(run, "folder") };
    nu_str symbol = nu_command_text(run, "symbol"), *names;
    size_t n, *sizes;

    look(&f, S(""), 0);
    n = nu_list_len(f.names);
    names = nu_alloc_array(nu_str, n + 1);
    sizes = nu_alloc_array(size_t, n + 1);
    for (size_t i = 0; i < n; i++)
        names[i] = nu_at(f.names, i).s;
    nu__sort_texts(names, n);
    printf("/* Made by `nuages embed`. */\n#include <nuages/conf.h>\n\n");
    for (size_t i = 0; i < n; i++) {
        nu_str text = nu__read_text_file(nu_fmt("{}/{}", f.folder, names[i]));

        sizes[i] = text.len;
        print_bytes(i, text);
    }
    printf("\nextern const nu_embedded_file %s[];\nconst nu_embedded_file %s[] = {\n", symbol.ptr,
           symbol.ptr);
    for (size_t i = 0; i < n; i++)
        printf("    { \"%s\", file_%zu, %zu },\n", names[i].ptr, i, sizes[i]);
    printf("    { 0 },\n};\n");
    return 0;
}

const nu_command nu__embed_command = {
    .name = "embed",
    .help = "Print a folder's files as a C table: nuages embed blog_templates templates > templates.c",
    .run = embed, .needs = NU_NEEDS_NOTHING,
    .arguments = {
        { "symbol", .help = "the table's name" },
        { "folder", .help = "whose files" },
    },
};
