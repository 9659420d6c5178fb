package Agent;

# What the shims of HTTP clients share: the operations by which a client is taken through a walk.
#
# A client is a class. It is made with `new(proxy, ca)` and has an empty cookie store then. Its method
# `request(method, uri, headers, follow)` makes a request and returns what the HTTP layer refused, or
# nothing where there was a response.

use strict;
use warnings;

use Exporter 'import';
use Protocol;

our @EXPORT = qw(agent);

# The operations of a client.
sub agent {
    my ($class) = @_;
    my (@settings, $client);
    my $clear = sub { $client = $class->new(@settings); return {} };
    return (
        'agent.start' => sub { @settings = @{ $_[0] }{qw(proxy ca)}; return $clear->() },
        'agent.clear' => $clear,
        'navigate'    => sub {
            my ($asked) = @_;
            my %headers = map { $_->[0] => $_->[1] } @{ $asked->{headers} };
            my $refused = $client->request(@{$asked}{qw(method uri)}, \%headers, $asked->{follow});
            return defined $refused ? { refused => octets($refused) } : {};
        },
    );
}

1;
