/**
 * @file
 * Which media types the client takes. Counterpart: MediaType, HttpRequest.accepts().
 */
#pragma once
#include <nuages/http.h>

typedef struct nu__media_type {
    nu_str main, sub;  /* "text", "html" */
    nu_dict *params;   /* NULL: none */
    double quality;    /* 0 to 1 */
    int specificity;   /* 0 for any type, 1 for any subtype, 2; 3 with parameters besides q */
    uint32_t position; /* in the header */
} nu__media_type;

nu__media_type nu__media_type_parse(nu_str text);
nu_str nu__media_type_str(const nu__media_type *type); /* "text/html; q=0.5" */
bool nu__media_type_match(const nu__media_type *pattern, const nu__media_type *type);

/* The types of an Accept header, the most wanted first; those of quality 0 are left out. */
typedef struct nu__accepted {
    nu__media_type *types;
    size_t n;
} nu__accepted;
nu__accepted nu__accept_parse(nu_str header);
/* The most specific of them that a type matches; NULL: it is not accepted. */
const nu__media_type *nu__accepted_for(const nu__accepted *accepted, nu_str type);
