/* Which address a connection comes from. */
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
const char *souk_peer_address(struct MHD_Connection *connection, souk_pool_t *pool)
{
    const struct sockaddr *peer =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    const struct in6_addr *six = &((const struct sockaddr_in6 *)peer)->sin6_addr;

    if (peer->sa_family == AF_INET)
        return print(AF_INET, &((const struct sockaddr_in *)peer)->sin_addr, pool);
    if (peer->sa_family != AF_INET6)
        return NULL;
    if (IN6_IS_ADDR_V4MAPPED(six))
        return print(AF_INET, six->s6_addr + MAPPED_AT, pool);
    return print(AF_INET6, six, pool);
}
