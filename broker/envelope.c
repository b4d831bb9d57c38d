/* Reads the frames of a ROUTER socket as RFC 7 has them: [peer][path]...[empty][protocol]... */
#include "envelope.h"

#include "../lib/majordomo.h"

/* A message being read: frame `at` is the next that counts. */
typedef struct {
    const souk_message_t *message;
    size_t at;
    souk_envelope_t *envelope;
    struct souk_malformed_stats *malformed;
} reader_t;

static bool wrong(int64_t *counter)
{
    ++*counter;
    return false;
}

static size_t frames_left(const reader_t *reader)
{
    return reader->message->count - reader->at;
}

static souk_bytes_t next(reader_t *reader)
{
    return souk_message_frame(reader->message, reader->at++);
}

static bool is_printable(souk_bytes_t bytes)
{
    const unsigned char *text = bytes.data;
    for (size_t i = 0; i < bytes.size; i++)
        if (text[i] < ' ' || text[i] > '~')
            return false;
    return true;
}

static bool read_service(reader_t *reader)
{
    if (!frames_left(reader))
        return wrong(&reader->malformed->service);
    souk_bytes_t name = next(reader);
    if (name.size == 0 || name.size > SOUK_SERVICE_NAME_MAX || !is_printable(name))
        return wrong(&reader->malformed->service);
    reader->envelope->service = name;
    return true;
}

static bool read_body(reader_t *reader)
{
    if (!frames_left(reader))
        return wrong(&reader->malformed->body);
    /* Within a worker's frames and a path it must still be a message that can be taken. */
    if (frames_left(reader) > SOUK_BODY_FRAMES_MAX)
        return wrong(&reader->malformed->frames);
    reader->envelope->body = reader->at;
    return true;
}

static bool read_credit(reader_t *reader)
{
    souk_bytes_t digits = next(reader);
    const char *text = digits.data;
    int credit = 0;
    for (size_t i = 0; i < digits.size; i++) {
        if (text[i] < '0' || text[i] > '9' || credit > SOUK_CREDIT_MAX)
            return wrong(&reader->malformed->credit);
        credit = credit * 10 + text[i] - '0';
    }
    if (credit < 1 || credit > SOUK_CREDIT_MAX)
        return wrong(&reader->malformed->credit);
    reader->envelope->credit = credit;
    return true;
}

static bool read_ready(reader_t *reader)
{
    if (frames_left(reader) > 2)
        return wrong(&reader->malformed->command);
    return read_service(reader) && (!frames_left(reader) || read_credit(reader));
}

static bool read_reply(reader_t *reader)
{
    if (frames_left(reader) < 2)
        return wrong(&reader->malformed->address);
    reader->envelope->ticket = next(reader);
    if (next(reader).size != 0)
        return wrong(&reader->malformed->address);
    return read_body(reader);
}

static bool read_nothing_more(reader_t *reader)
{
    return !frames_left(reader) || wrong(&reader->malformed->command);
}

static const struct {
    const char *name;
    souk_command_t command;
    bool (*read)(reader_t *reader);
} commands[] = {
    { SOUK_MDP_REPLY, SOUK_WORKER_REPLY, read_reply },
    { SOUK_MDP_HEARTBEAT, SOUK_WORKER_HEARTBEAT, read_nothing_more },
    { SOUK_MDP_READY, SOUK_WORKER_READY, read_ready },
    { SOUK_MDP_DISCONNECT, SOUK_WORKER_DISCONNECT, read_nothing_more },
};

static bool read_worker(reader_t *reader)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
        if (souk_message_is(reader->message, reader->at, commands[i].name)) {
            reader->at++;
            reader->envelope->command = commands[i].command;
            return commands[i].read(reader);
        }
    }
    return wrong(&reader->malformed->command);
}

static bool read_client(reader_t *reader)
{
    reader->envelope->command = SOUK_CLIENT_REQUEST;
    return read_service(reader) && read_body(reader);
}

/* A client's path may hold frames of its own; a worker is one hop away. */
static bool read_path(reader_t *reader)
{
    reader->envelope->peer = next(reader);
    for (size_t i = 0; i <= SOUK_PATH_FRAMES_MAX && frames_left(reader); i++) {
        souk_bytes_t frame = next(reader);
        if (frame.size == 0)
            return true;
        if (frame.size > SOUK_PATH_FRAME_SIZE)
            break;
    }
    return wrong(&reader->malformed->envelope);
}

bool souk_envelope_read(const souk_message_t *message, souk_envelope_t *envelope,
    struct souk_malformed_stats *malformed)
{
    reader_t reader = { .message = message, .envelope = envelope, .malformed = malformed };
    *envelope = (souk_envelope_t){ 0 };
    if (!read_path(&reader))
        return false;
    bool direct = reader.at == 2;
    if (souk_message_is(message, reader.at, SOUK_MDP_CLIENT)) {
        reader.at++;
        return read_client(&reader);
    }
    if (!souk_message_is(message, reader.at, SOUK_MDP_WORKER))
        return wrong(&malformed->protocol);
    reader.at++;
    return direct ? read_worker(&reader) : wrong(&malformed->envelope);
}
