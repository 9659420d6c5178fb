// HTTP exchanges without a network: a thread of this process is the server, on a Unix socket. It
// answers one request for each connection, and speaks TLS where it is asked to.

#ifndef EXCHANGE_H
#define EXCHANGE_H

#include "protocol.h"

struct exchange {
    bool tls;
    // What the server sends, whatever it is asked.
    struct octets response;
    // The request as it arrived; complete if it ends with an empty line.
    struct octets request;
};

// Starts the server on a socket in the abstract namespace; the result is its name, NULL if it fails.
const char *exchange_listen(void);

// The exchange that the connections to come belong to.
void exchange_begin(struct exchange *exchange);

// Waits for the server to be done with it. The client has closed its connection.
void exchange_end(void);

// The value of the first field of that name in the request, to be freed; NULL data if it has none.
struct octets exchange_field(const struct exchange *exchange, const char *name);

#endif
