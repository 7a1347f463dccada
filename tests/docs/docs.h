/**
 * @file
 * What the examples of the documentation are compiled against: the whole of Nuages, and the small
 * blog that they speak of. See test_docs.py.
 */
#pragma once
#include "blog.h"

#include <nuages/auth.h>
#include <nuages/nuages.h>
#include <nuages/test.h>

/* One ```c block of a page. */
typedef struct doc_block {
    int line;
    void (*run)(nu_test_run *t);
} doc_block;

/* `EXPR; // -> value`: prints the line and the value's text. */
#define doc_show(line, ...) doc_show_((line), V(__VA_ARGS__))
void doc_show_(int line, nu_value value);
/* `EXPR; // raises Class: message`: prints the line, and what was raised. */
#define doc_raises(line, ...) doc_raised_((line), nu_catch(NU_EXCEPTION, (void)(__VA_ARGS__)))
void doc_raised_(int line, const nu_error *error);

/* The page's `page_urls`, where it has any: what nu_url() looks through and a client asks. */
extern const nu_urlconf *const doc_urls;

/* The page's `page_settings`, where it has any; else the defaults, and a database in memory. */
extern const nu_settings *const doc_settings;

/* The page's ```django blocks with a name, and its libraries. */
extern const nu_embedded_file *const doc_templates;
extern const nu_template_library *const doc_libraries[];

/* The tests of the page's NU_TESTS(), which run after its blocks, each in a transaction. */
extern const nu_test_def *const doc_tests[];

/* Set up the models, make their tables in a database in memory, fill the blog, run each block. */
int doc_main(const nu_model *const *models, const doc_block *blocks);
