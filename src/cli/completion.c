/* completion: scripts that let bash, zsh and fish complete commands and options. */
#include "cli/command.h"
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

enum { OWN = 24 };

/* Call `visit` for each command and its options, separated by blanks. */
static void each_command(const nu_command_run *run,
                         void (*visit)(const char *program, const char *name, nu_str options))
{
    size_t n;
    const char **names = nu__command_names(run->settings, &n);
    const char *slash = strrchr(run->program, '/');

    for (size_t i = 0; i < n; i++) {
        const nu_command *command = nu__command_find(run->settings, names[i]);
        nu_str options = S("--help --verbosity --traceback --no-color");

        for (size_t k = 0; command && k < OWN && command->arguments[k].name; k++)
            if (command->arguments[k].name[0] == '-')
                options = nu_fmt("{} {}", options, command->arguments[k].name);
        visit(slash ? slash + 1 : run->program, names[i], options);
    }
}

static void bash_case(const char *program, const char *name, nu_str options)
{
    (void)program;
    printf("        %s) words=\"%s\" ;;\n", name, options.ptr);
}

static void print_bash(const nu_command_run *run, nu_str names, const char *program)
{
    printf("# bash completion; load it with: source <(%s completion bash)\n_%s() {\n"
           "    local words=\"%s\"\n    if [ \"$COMP_CWORD\" -gt 1 ]; then\n"
           "        case \"${COMP_WORDS[1]}\" in\n",
           run->program, program, names.ptr);
    each_command(run, bash_case);
    printf("        *) words=\"\" ;;\n        esac\n    fi\n"
           "    COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n}\n"
           "complete -o default -F _%s %s\n",
           program, program);
}

static void zsh_case(const char *program, const char *name, nu_str options)
{
    (void)program;
    printf("        %s) words_=\"%s\" ;;\n", name, options.ptr);
}

static void print_zsh(const nu_command_run *run, nu_str names, const char *program)
{
    printf(
        "#compdef %s\n# zsh completion; load it with: source <(%s completion zsh)\n_%s() {\n"
        "    local words_\n    if (( CURRENT == 2 )); then\n        compadd -- %s\n        return\n"
        "    fi\n    case \"$words[2]\" in\n",
        program, run->program, program, names.ptr);
    each_command(run, zsh_case);
    printf("    esac\n    compadd -- ${=words_}\n    _files\n}\n"
           "(( $+functions[compdef] )) && compdef _%s %s\n",
           program, program);
}

static void fish_line(const char *program, const char *name, nu_str options)
{
    nu_list *words = nu_split(options);

    printf("complete -c %s -n __fish_use_subcommand -a %s\n", program, name);
    for (size_t i = 0; i < nu_list_len(words); i++) {
        const char *word = nu_at(words, i).s.ptr;

        if (word[0] == '-' && word[1] == '-')
            printf("complete -c %s -n '__fish_seen_subcommand_from %s' -l %.*s\n", program, name,
                   (int)nu_at(words, i).s.len - 2, word + 2);
    }
}

static int completion(const nu_command_run *run)
{
    nu_str shell = nu_command_text(run, "shell"), names = S("");
    const char *slash = strrchr(run->program, '/'), *program = slash ? slash + 1 : run->program;
    size_t n;
    const char **all = nu__command_names(run->settings, &n);

    for (size_t i = 0; i < n; i++)
        names = nu_fmt("{}{}{}", names, i ? " " : "", all[i]);
    if (nu_eq(shell, "bash"))
        print_bash(run, names, program);
    else if (nu_eq(shell, "zsh"))
        print_zsh(run, names, program);
    else
        each_command(run, fish_line);
    return 0;
}

const nu_command nu__completion_command = {
    .name = "completion",
    .help =
        "Print what lets a shell complete commands and options: source <(./manage completion bash)",
    .run = completion,
    .needs = NU_NEEDS_NOTHING,
    .arguments = { { "shell", .choices = "bash|zsh|fish", .help = "bash, zsh or fish" } },
};
