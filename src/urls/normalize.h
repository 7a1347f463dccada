/**
 * @file
 * A regular expression read backwards: the texts with gaps that it would match.
 *
 *   "^articles/(?P<year>[0-9]{4})/$"      ->  "articles/" year "/"
 *   "^opt/(?:page-(?P<page>\d+)/)?$"      ->  "opt/"   and   "opt/page-" page "/"
 *
 * A part that may repeat stands as often as it must; an optional part that captures gives two
 * forms; a class of characters gives its first. Expressions with "|" outside captures have no form
 * but the empty text. Django: django.utils.regex_helper.normalize().
 */
#pragma once
#include <nuages/strings.h>

/* Literal text, or the gap of a capture. */
typedef struct nu__url_piece {
    nu_str text; /* literal text, or the capture's name ("_0", "_1", … for one without) */
    bool gap;
    bool counts; /* a gap that takes an argument; a back-reference only repeats one */
} nu__url_piece;

typedef struct nu__url_form {
    nu__url_piece *pieces;
    size_t n_pieces;
} nu__url_form;

typedef struct nu__url_forms {
    nu__url_form *items;
    size_t len;
} nu__url_forms;

/* In the fiber's arena. Raises ValueError for a group that can't be read backwards: (?i:…). */
nu__url_forms nu__url_normalize(nu_str regex);
