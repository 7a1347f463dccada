/**
 * @file
 * Statements that whoever typed them no longer waits for: the shell's Ctrl-C.
 */
#pragma once
#include <stdbool.h>

typedef struct nu__db_interrupt {
    bool (*asked)(void);   /* is the running statement unwanted? On any thread; no raise */
    void (*give_up)(void); /* in the place of the statement's error, on the fiber: raises */
} nu__db_interrupt;

/* From now on a database whose statements can be ended at once asks that while they run. NULL: no
   more. Statements that end a transaction or a savepoint are not asked about. */
void nu__db_heed(const nu__db_interrupt *interrupt);
bool nu__db_interrupt_asked(void);
/* Raise what stands for the interrupt, where one was asked for. */
void nu__db_give_up(void);
