/**
 * @file
 * The library's functions by their own names, at the addresses of `nu__pg_client`.
 */
#pragma once
#include "db/backends/postgresql/library.h"

#define PQcancel             nu__pg_client.PQcancel
#define PQconndefaults       nu__pg_client.PQconndefaults
#define PQconnectPoll        nu__pg_client.PQconnectPoll
#define PQconnectStartParams nu__pg_client.PQconnectStartParams
#define PQconninfoFree       nu__pg_client.PQconninfoFree
#define PQerrorMessage       nu__pg_client.PQerrorMessage
#define PQfinish             nu__pg_client.PQfinish
#define PQfreeCancel         nu__pg_client.PQfreeCancel
#define PQgetCancel          nu__pg_client.PQgetCancel
#define PQparameterStatus    nu__pg_client.PQparameterStatus
#define PQserverVersion      nu__pg_client.PQserverVersion
#define PQsocket             nu__pg_client.PQsocket
#define PQsslStruct          nu__pg_client.PQsslStruct
#define PQstatus             nu__pg_client.PQstatus
