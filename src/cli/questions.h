/**
 * @file
 * The autodetector's questions: answered by the command line, else asked at the terminal, else an
 * error that says how to answer. Counterpart: InteractiveMigrationQuestioner.
 *
 *     --rename registry.Student=Pupil          the model was renamed
 *     --rename registry.Student.name=full_name the field was
 *     --default registry.Student.age=18        what the rows that are there get
 */
#pragma once
#include "cli/command.h"
#include "db/migrations/questioner.h"

/* Reads --noinput, --rename, --default, --check and --dry-run of `run`; raises UsageError for a
   hint without its shape. `to` is what is compared with, whose fields say what a default must be.
   In the fiber's arena. */
const nu__questioner *nu__command_questioner(const nu_command_run *run, nu__project_state *to);
/* Whether an error was raised because no answer can be had, or the user wanted to quit: Django ends
   with status 3 then. */
bool nu__questioner_gave_up(const nu__questioner *questioner);
/* Hints that no question needed: UsageError that lists them. */
void nu__questioner_check_hints(const nu__questioner *questioner);
/* "… [y/N] " at the terminal; --noinput and pipes answer `without`. */
bool nu__ask_yes(const nu_command_run *run, nu_str question, bool without);
/* Whether "yes" is what is read after the text is printed; not at the end of input. */
bool nu__ask_yes_in_full(nu_str text);
