/**
 * @file
 * A multipart/form-data body into request.POST and request.FILES.
 * Counterpart: django.http.multipartparser.MultiPartParser.
 */
#pragma once
#include "http/message.h"

/* Fill req->post and req->files, which are empty. Uploads stay in memory when the whole request is
   small enough, else each goes to a temporary file. Yields. Raises MultiPartParserError,
   TooManyFieldsSent, TooManyFilesSent, RequestDataTooBig, with both left empty. */
void nu__form_data_read(nu_request *req);
