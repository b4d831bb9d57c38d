/* Which address a request comes from. */
#include "peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

enum {
    MAPPED_AT = 12, /* where the IPv4 address is in an IPv6 one that stands for it (RFC 4291) */
};

static const char *print(int family, const void *address, souk_pool_t *pool)
{
    char text[INET6_ADDRSTRLEN];

    if (!inet_ntop(family, address, text, sizeof text))
        return NULL;
    return souk_pool_text(pool, text, strlen(text));
}

/* A client has one address, whichever kind of socket it was accepted on. */
static const char *print_six(const struct in6_addr *six, souk_pool_t *pool)
{
    return IN6_IS_ADDR_V4MAPPED(six) ? print(AF_INET, six->s6_addr + MAPPED_AT, pool)
                                     : print(AF_INET6, six, pool);
}

const char *souk_peer_address(struct MHD_Connection *connection, souk_pool_t *pool)
{
    const struct sockaddr *peer =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;

    if (peer->sa_family == AF_INET)
        return print(AF_INET, &((const struct sockaddr_in *)peer)->sin_addr, pool);
    if (peer->sa_family == AF_INET6)
        return print_six(&((const struct sockaddr_in6 *)peer)->sin6_addr, pool);
    return NULL;
}

/* As souk_peer_address would write it; NULL: it is no address. */
static const char *read_address(const char *text, size_t size, souk_pool_t *pool)
{
    const char *copy = souk_pool_text(pool, text, size);
    struct in_addr four;
    struct in6_addr six;

    if (inet_pton(AF_INET, copy, &four) == 1)
        return print(AF_INET, &four, pool);
    return inet_pton(AF_INET6, copy, &six) == 1 ? print_six(&six, pool) : NULL;
}

static bool is_proxy(const char *address, const char *proxies, souk_pool_t *pool)
{
    for (const char *at = proxies + strspn(proxies, " "); *at; at += strspn(at, " ")) {
        size_t size = strcspn(at, " ");
        const char *proxy = read_address(at, size, pool);
        if (proxy && strcmp(proxy, address) == 0)
            return true;
        at += size;
    }
    return false;
}

/* Each proxy adds behind what it was told whom it was told it by, so only the end can be believed:
   back to the first that is no proxy of ours. NULL: there is none, or what stands there is no
   address. */
static const char *find_client(const char *forwarded_for, const char *proxies, souk_pool_t *pool)
{
    const char *end = forwarded_for + strlen(forwarded_for), *address = NULL;

    do {
        const char *start = end;
        while (start > forwarded_for && start[-1] != ',')
            start--;
        const char *text = start + strspn(start, " \t");
        address = text < end ? read_address(text, (size_t)(end - text), pool) : NULL;
        end = start > forwarded_for ? start - 1 : NULL;
    } while (address && end && is_proxy(address, proxies, pool));
    return address && !is_proxy(address, proxies, pool) ? address : NULL;
}

static bool is_this_machine(const char *address)
{
    return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

const char *souk_peer_client(const char *peer, const char *forwarded_for, const char *proxies,
    souk_pool_t *pool)
{
    const char *client = NULL;

    if (peer && forwarded_for && proxies && is_proxy(peer, proxies, pool))
        client = find_client(forwarded_for, proxies, pool);
    if (client || !peer)
        return client;
    return is_this_machine(peer) ? NULL : peer;
}

const char *souk_peer_check(const char *proxies, souk_pool_t *pool)
{
    const char *at = proxies ? proxies + strspn(proxies, " ") : "";

    for (; *at; at += strspn(at, " ")) {
        size_t size = strcspn(at, " ");
        if (!read_address(at, size, pool))
            return souk_pool_format(pool, "SOUK_EDGE_PROXIES \"%.*s\" is not an IP address",
                (int)size, at);
        at += size;
    }
    return NULL;
}
