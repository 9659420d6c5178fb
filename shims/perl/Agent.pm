package Agent;

# What the shims of HTTP clients share: the operations by which a client is taken through a walk.
#
# A client is a class. It is made with `new(proxy, ca)` and has an empty cookie store then. Its method
# `request(method, uri, headers, follow, cookies)` makes a request and returns what the HTTP layer
# refused, or nothing where there was a response; `cookies` are pairs that the caller gives for this
# request, if any, and only for a client that `can` take them. Where its library can write and read
# its store, it has `save(file)` and `load(file)`, of which the second is asked of a new client.

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
    my %operations = (
        'agent.start' => sub { @settings = @{ $_[0] }{qw(proxy ca)}; return $clear->() },
        'agent.clear' => $clear,
        'navigate'    => sub {
            my ($asked) = @_;
            my %headers = map { $_->[0] => $_->[1] } @{ $asked->{headers} };
            my $refused = $client->request(@{$asked}{qw(method uri)},
                \%headers, $asked->{follow}, @{ $asked->{cookies} // [] });
            return defined $refused ? { refused => octets($refused) } : {};
        },
    );
    if ($class->can('save')) {
        $operations{'agent.save'} = sub { $client->save($_[0]{file}); return {} };
        $operations{'agent.load'} = sub { $clear->(); $client->load($_[0]{file}); return {} };
    }
    return %operations;
}

1;
