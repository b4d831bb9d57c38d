/* The Majordomo Protocol 0.1 (rfc.zeromq.org/spec/7) and what Souk adds on top; docs/PROTOCOL.md
   describes every frame. */
#ifndef SOUK_MAJORDOMO_H
#define SOUK_MAJORDOMO_H

#define SOUK_MDP_CLIENT "MDPC01"
#define SOUK_MDP_WORKER "MDPW01"
#define SOUK_MDP_READY "\001"
#define SOUK_MDP_REQUEST "\002"
#define SOUK_MDP_REPLY "\003"
#define SOUK_MDP_HEARTBEAT "\004"
#define SOUK_MDP_DISCONNECT "\005"

enum {
    SOUK_SERVICE_NAME_MAX = 100, /* bytes */
    SOUK_CREDIT_MAX = 100000,
    SOUK_CALLS_MAX = 1000, /* calls in one message */
    SOUK_BODY_FRAMES_MAX =
        1010, /* frames of a body: operation, meta and calls, and some to spare */
    SOUK_PATH_FRAMES_MAX = 8, /* correlation frames before the empty one */
    SOUK_PATH_FRAME_SIZE = 255, /* bytes of each */
    SOUK_TICKET_SIZE = 16, /* bytes of the client address that a worker is given */
};

#endif
