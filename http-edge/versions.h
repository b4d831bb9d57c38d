/* Entity tags (RFC 9110 sections 8.8.3 and 13.1): the version that an operation's description
   names, written as "5". */
#ifndef SOUK_VERSIONS_H
#define SOUK_VERSIONS_H

#include "request.h"

/* Holds If-Match against the operation; refuses the request where it is needed and missing, or is
   not one tag. */
void souk_version_check(souk_request_t *request);

/* The version that If-Match asks for, as the argument .if_match; false: there is none to be put,
   since any will do. */
must_check bool souk_version_asked(const souk_request_t *request, int64_t *version);

/* Keeps the tag of a reply for its header; true: the client has this version already. */
must_check bool souk_version_tell(souk_request_t *request, const void *reply);

#endif
