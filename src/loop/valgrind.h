/**
 * @file
 * valgrind's client requests where its header was there at the build; else nothing.
 */
#pragma once

#ifdef NU__VALGRIND
#include <valgrind/valgrind.h>
#else
#define RUNNING_ON_VALGRIND               0
#define VALGRIND_STACK_REGISTER(low, top) 0
#define VALGRIND_STACK_DEREGISTER(id)     ((void)(id))
#endif
