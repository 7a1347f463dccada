/* check-project: what a version of Nuages asks a project's own files to change. */
#include "cli/commands.h"
#include "cli/text_files.h"
#include "core/text.h"

#include <nuages/version.h>
#include <unistd.h>

#define STAMP ".nuages-version"

/* A file that a project made by startproject has since a version, and a word in it that the version
   counts on. */
static const struct {
    const char *since, *file, *word, *advice;
} changes[] = {
    { "0.1.0", "meson.build", "WITH_TESTS",
      "leave tests out of releases: see meson.build of a new project" },
    { "0.1.0", "meson.build", "-fno-omit-frame-pointer",
      "add '-fno-omit-frame-pointer', so that the debug pages' backtraces are whole" },
    { "0.1.0", "meson.build", "-fno-delete-null-pointer-checks",
      "add '-fno-delete-null-pointer-checks' beside -DWITH_TESTS, so that a dereference of what "
      "the "
      "compiler knows to be NULL is a page" },
    { "0.1.0", "meson.build", "-Werror=missing-braces",
      "add '-Werror=missing-braces' and '-Werror=return-type': gcc only warns of \"text\" for "
      "S(\"text\"), which is an empty text, and of a view without return" },
    { "0.1.0", "Makefile", "manage test", "add the target `test`" },
    { "0.1.0", "Makefile", "flock",
      "build under the lock build/.building, which runserver's builds hold: see Makefile of a new "
      "project" },
    { "0.1.0", ".gitignore", "/.env", "keep .env out of the repository" },
    { "0.1.0", ".dockerignore", ".env",
      "keep .env and builds out of images: see .dockerignore of a new project" },
    { "0.1.0", ".clangd", "build", "name the folder of compile_commands.json for editors" },
};

static nu_str content_of(const char *path)
{
    return access(path, R_OK) ? S("") : nu__read_text_file(nu_s(path));
}

static int checkproject(const nu_command_run *run)
{
    nu_str stamp = nu_trim(content_of(STAMP));
    int64_t asked = 0;

    if (access("meson.build", R_OK))
        nu_raise(NU_COMMAND_ERROR,
                 "there is no meson.build here: run it in the folder that startproject made");
    nu_command_print(run, "This is Nuages {}; the project was made by {}.\n", NU_VERSION,
                     stamp.len ? stamp : S("a version that left no " STAMP));
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        if (nu__find(content_of(changes[i].file), nu_s(changes[i].word)) >= 0)
            continue;
        nu_command_styled(run, NU_STYLE_WARNING, "  {} (since {}): {}\n", changes[i].file,
                          changes[i].since, changes[i].advice);
        asked++;
    }
    if (!asked)
        nu_command_styled(run, NU_STYLE_SUCCESS, "Nothing is to be changed.\n");
    return asked != 0;
}

const nu_command nu__checkproject_command = {
    .name = "check-project",
    .help = "Name what this version of Nuages asks to change in the project in this folder.",
    .run = checkproject,
    .needs = NU_NEEDS_NOTHING,
};
