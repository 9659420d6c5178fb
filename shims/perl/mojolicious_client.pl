# Mojo::UserAgent with Mojo::UserAgent::CookieJar, on the network.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;

use Agent;
use Mojo::UserAgent;
use Mojolicious;
use Protocol;

package Client {
    sub new {
        my ($class, $proxy, $ca) = @_;
        my $agent = Mojo::UserAgent->new(ca => $ca);
        $agent->proxy->http($proxy)->https($proxy)->not([]);
        return bless { agent => $agent }, $class;
    }

    sub request {
        my ($self, $method, $uri, $headers, $follow, @cookies) = @_;
        # It counts the CONNECT of each redirect as one more.
        $self->{agent}->max_redirects(2 * $follow);
        my $exchange = $self->{agent}->build_tx($method => $uri => $headers);
        $exchange->req->cookies(map { { name => $_->[0], value => $_->[1] } } @cookies) if @cookies;
        my $error = $self->{agent}->start($exchange)->error;
        # A response that says so is an error, too.
        return $error && !$error->{code} ? $error->{message} : undef;
    }
}

my $description = {
    shim => 'perl-mojolicious/1',
    impl => {
        name     => 'Mojo::UserAgent',
        version  => Mojolicious->VERSION,
        language => 'perl',
        source   => 'https://metacpan.org/pod/Mojo::UserAgent',
    },
    can   => ['navigate', 'agent.clear', 'caller-cookies'],
    notes => 'With its CookieJar. No public suffix list.',
};

serve($description, agent('Client'));
