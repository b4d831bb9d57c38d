/* Endpoints and their lock files. libzmq removes whatever stands at an ipc endpoint's path and
   takes its place; so a file beside the socket is locked first. */
#include "endpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "../lib/log.h"
#include "../lib/memory.h"

enum {
    ENDPOINT_MAX = 200,
    BACKLOG = 1024, /* connections that may arrive at once */
};

static bool cannot_bind(const char *endpoint, const char *why)
{
    char quoted[2 * ENDPOINT_MAX];
    souk_log(SOUK_LOG_ERROR, "broker", "endpoint=%s reason=\"%s\"",
        souk_log_value(endpoint, quoted, sizeof(quoted)), why);
    return false;
}

/* Makes the folder that path is in, and those above it. */
static bool make_folder(const char *path)
{
    char folder[ENDPOINT_MAX];
    snprintf(folder, sizeof(folder), "%s", path);
    char *last = strrchr(folder, '/');
    for (char *slash = strchr(folder + 1, '/'); slash && last; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(folder, slash == last ? 0700 : 0755) < 0 && errno != EEXIST)
            return false;
        *slash = '/';
    }
    return true;
}

static bool lock_beside(souk_endpoints_t *endpoints, const char *name, const char *path)
{
    char lock[ENDPOINT_MAX + sizeof(".lock")];
    snprintf(lock, sizeof(lock), "%s.lock", path);
    int file = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return cannot_bind(name, strerror(errno));
    if (flock(file, LOCK_EX | LOCK_NB) < 0) {
        close(file);
        return cannot_bind(name, "another broker is running there");
    }
    endpoints->held[endpoints->count].lock = file;
    endpoints->held[endpoints->count++].path = NULL;
    return true;
}

/* What a dead broker left is removed: the lock says that it is dead. Anything else is somebody's.
 */
static bool clear_path(const char *name, const char *path)
{
    struct stat there;
    if (lstat(path, &there) < 0)
        return errno == ENOENT || cannot_bind(name, strerror(errno));
    if (!S_ISSOCK(there.st_mode))
        return cannot_bind(name, "something that is not a socket is there");
    return unlink(path) == 0 || cannot_bind(name, strerror(errno));
}

/* A listening socket at path, which is not too long; -1 and errno where there can be none. */
static int listen_at(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    strcpy(address.sun_path, path);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener < 0)
        return -1;
    /* Before it has a name: nobody else may connect, not even for a moment. */
    if (fchmod(listener, 0600) == 0 &&
        bind(listener, (struct sockaddr *)&address, sizeof(address)) == 0 &&
        listen(listener, BACKLOG) == 0)
        return listener;
    int why = errno;
    close(listener);
    errno = why;
    return -1;
}

/* From here on the listener is libzmq's, which closes it. */
static bool hand_over(zsock_t *socket, int listener, const char *name)
{
    zsock_set_use_fd(socket, listener);
    bool bound = zmq_bind(zsock_resolve(socket), name) == 0;
    int why = zmq_errno();
    zsock_set_use_fd(socket, -1);
    if (bound)
        return true;
    close(listener);
    return cannot_bind(name, zmq_strerror(why));
}

static bool bind_file(souk_endpoints_t *endpoints, zsock_t *socket, const char *name,
    const char *path)
{
    if (!*path)
        return cannot_bind(name, "it names no file");
    if (strlen(path) >= sizeof(((struct sockaddr_un *)0)->sun_path))
        return cannot_bind(name, strerror(ENAMETOOLONG));
    if (endpoints->count == SOUK_ENDPOINTS_MAX)
        return cannot_bind(name, "there are too many endpoints");
    if (!make_folder(path))
        return cannot_bind(name, strerror(errno));
    if (!lock_beside(endpoints, name, path) || !clear_path(name, path))
        return false;
    int listener = listen_at(path);
    if (listener < 0)
        return cannot_bind(name, strerror(errno));
    endpoints->held[endpoints->count - 1].path = souk_sure(strdup(path));
    return hand_over(socket, listener, name);
}

static bool bind_other(zsock_t *socket, const char *name)
{
    return zmq_bind(zsock_resolve(socket), name) == 0 ||
        cannot_bind(name, zmq_strerror(zmq_errno()));
}

static bool bind_one(souk_endpoints_t *endpoints, zsock_t *socket, const char *name)
{
    if (strlen(name) >= ENDPOINT_MAX)
        return cannot_bind(name, "it is too long");
    const char *path = name + strlen("ipc://");
    bool is_file = strncmp(name, "ipc://", strlen("ipc://")) == 0 && *path != '@' && *path != '*';
    if (is_file ? !bind_file(endpoints, socket, name, path) : !bind_other(socket, name))
        return false;
    souk_log(SOUK_LOG_INFO, "broker", "bound=%s", name);
    return true;
}

bool souk_endpoints_bind(souk_endpoints_t *endpoints, zsock_t *socket, const char *names)
{
    char *copy = souk_sure(strdup(names));
    char *rest = NULL;
    bool bound = true;
    size_t count = 0;
    char *name = strtok_r(copy, " \t\n", &rest);
    for (; name && bound; name = strtok_r(NULL, " \t\n", &rest), count++)
        bound = bind_one(endpoints, socket, name);
    free(copy);
    return bound && (count || cannot_bind(names, "no endpoint is named"));
}

void souk_endpoints_release(souk_endpoints_t *endpoints)
{
    for (size_t i = 0; i < endpoints->count; i++) {
        if (endpoints->held[i].path)
            unlink(endpoints->held[i].path);
        free(endpoints->held[i].path);
        close(endpoints->held[i].lock);
    }
    endpoints->count = 0;
}
