/* What goes with an error code on the wire. */
#include "client.h"

const souk_record_t souk_refusal_flaw = {
    .name = "refusal_flaw",
    .size = sizeof(struct souk_refusal_flaw),
    .fields = {
        FIELD(souk_refusal_flaw, pointer, .optional = true,
            .doc = "RFC 6901 pointer into the arguments; the whole where it is absent"),
        FIELD(souk_refusal_flaw, message),
    },
};

const souk_record_t souk_refusal = {
    .name = "refusal",
    .size = sizeof(struct souk_refusal),
    .fields = {
        FIELD(souk_refusal, message, .doc = "a sentence for people"),
        FIELD(souk_refusal, field, .optional = true,
            .doc = "RFC 6901 pointer to what is wrong in the arguments"),
        FIELD(souk_refusal, retry, .optional = true,
            .doc = "nothing was done: it is safe to ask again"),
        FIELD(souk_refusal, retry_after, .min = 0, .optional = true,
            .doc = "seconds until it is worth asking again"),
        FIELD(souk_refusal, flaws, .of = &souk_refusal_flaw, .max = SOUK_FLAWS_MAX,
            .optional = true, .doc = "all that is wrong, where it is more than one thing"),
    },
};
