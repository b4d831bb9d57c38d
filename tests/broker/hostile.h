/* Messages that no client and no worker may send, each with the counter it belongs to. */
#ifndef SOUK_TESTS_HOSTILE_H
#define SOUK_TESTS_HOSTILE_H

#include "../../broker/stats.h"
#include "../../lib/message.h"

#define TEN_BYTES "0123456789"
#define FIFTY_BYTES TEN_BYTES TEN_BYTES TEN_BYTES TEN_BYTES TEN_BYTES
#define NAME_TOO_LONG FIFTY_BYTES FIFTY_BYTES "0"
#define PATH_TOO_LONG FIFTY_BYTES FIFTY_BYTES FIFTY_BYTES FIFTY_BYTES FIFTY_BYTES "012345"

enum {
    HOSTILE_FRAMES_MAX = 14
};

struct hostile {
    const char *frames[HOSTILE_FRAMES_MAX];
    size_t counter; /* in struct souk_malformed_stats */
};

#define COUNTER(member) offsetof(struct souk_malformed_stats, member)

static const struct hostile hostile[] = {
    { { "" }, COUNTER(protocol) },
    { { "hello" }, COUNTER(envelope) },
    { { "a", "b", "c", "d" }, COUNTER(envelope) },
    { { "1", "2", "3", "4", "5", "6", "7", "8", "9", "", "MDPC01", "echo", "x" },
        COUNTER(envelope) },
    { { PATH_TOO_LONG, "", "MDPC01", "echo", "x" }, COUNTER(envelope) },
    { { "a", "", "MDPW01", "\4" }, COUNTER(envelope) },
    { { "", "" }, COUNTER(protocol) },
    { { "", "", "MDPC01", "echo", "x" }, COUNTER(protocol) },
    { { "", "MDPC02", "echo", "x" }, COUNTER(protocol) },
    { { "", "MDPC", "echo", "x" }, COUNTER(protocol) },
    { { "", "MDPC01x", "echo", "x" }, COUNTER(protocol) },
    { { "", "MDPW02", "\1", "echo" }, COUNTER(protocol) },
    { { "", "MDPC01" }, COUNTER(service) },
    { { "", "MDPC01", "", "x" }, COUNTER(service) },
    { { "", "MDPC01", "ec\nho", "x" }, COUNTER(service) },
    { { "", "MDPC01", "\xff\xfe", "x" }, COUNTER(service) },
    { { "", "MDPC01", NAME_TOO_LONG, "x" }, COUNTER(service) },
    { { "", "MDPC01", "echo" }, COUNTER(body) },
    { { "", "MDPW01" }, COUNTER(command) },
    { { "", "MDPW01", "" }, COUNTER(command) },
    { { "", "MDPW01", "\6" }, COUNTER(command) },
    { { "", "MDPW01", "\1\1", "echo" }, COUNTER(command) },
    { { "", "MDPW01", "\2", "address", "", "x" }, COUNTER(command) },
    { { "", "MDPW01", "\4", "x" }, COUNTER(command) },
    { { "", "MDPW01", "\5", "x" }, COUNTER(command) },
    { { "", "MDPW01", "\1" }, COUNTER(service) },
    { { "", "MDPW01", "\1", "" }, COUNTER(service) },
    { { "", "MDPW01", "\1", NAME_TOO_LONG, "1" }, COUNTER(service) },
    { { "", "MDPW01", "\1", "echo", "1", "2" }, COUNTER(command) },
    { { "", "MDPW01", "\1", "echo", "" }, COUNTER(credit) },
    { { "", "MDPW01", "\1", "echo", "0" }, COUNTER(credit) },
    { { "", "MDPW01", "\1", "echo", "-1" }, COUNTER(credit) },
    { { "", "MDPW01", "\1", "echo", "1 " }, COUNTER(credit) },
    { { "", "MDPW01", "\1", "echo", "1e3" }, COUNTER(credit) },
    { { "", "MDPW01", "\1", "echo", "100001" }, COUNTER(credit) },
    { { "", "MDPW01", "\1", "echo", "99999999999999999999" }, COUNTER(credit) },
    { { "", "MDPW01", "\3" }, COUNTER(address) },
    { { "", "MDPW01", "\3", "address" }, COUNTER(address) },
    { { "", "MDPW01", "\3", "address", "x", "y" }, COUNTER(address) },
    { { "", "MDPW01", "\3", "address", "" }, COUNTER(body) },
};

enum {
    HOSTILE_COUNT = sizeof(hostile) / sizeof(*hostile)
};

static inline void add_texts(souk_message_t *message, const char *const *frames)
{
    for (size_t i = 0; frames[i]; i++)
        souk_message_add_text(message, frames[i]);
}

static inline int64_t counted(const struct souk_malformed_stats *malformed, size_t counter)
{
    return *(const int64_t *)((const char *)malformed + counter);
}

#endif
