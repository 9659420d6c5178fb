# LWP::UserAgent with HTTP::Cookies, on the network.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;

use Agent;
use HTTP::Cookies;
use HTTP::Request;
use LWP::UserAgent;
use Protocol;

package Client {
    sub new {
        my ($class, $proxy, $ca) = @_;
        my $agent = LWP::UserAgent->new(
            cookie_jar            => HTTP::Cookies->new,
            keep_alive            => 1,
            requests_redirectable => [qw(GET HEAD)],
            ssl_opts              => { SSL_ca_file => $ca, verify_hostname => 1 },
        );
        $agent->proxy([qw(http https)], $proxy);
        return bless { agent => $agent, kept => $agent->conn_cache }, $class;
    }

    sub request {
        my ($self, $method, $uri, $headers, $follow) = @_;
        $self->{agent}->max_redirect($follow);
        # In a tunnel it waits for the content of the response to HEAD until the connection ends.
        $self->{agent}->conn_cache($method eq 'HEAD' ? undef : $self->{kept});
        my $response = $self->{agent}->request(HTTP::Request->new($method, $uri, [%$headers]));
        # It makes a response of its own where there is none.
        my $is_internal = ($response->header('Client-Warning') // '') eq 'Internal response';
        return $response->header('X-Died') // ($is_internal ? $response->status_line : undef);
    }

    sub save {
        my ($self, $file) = @_;
        return $self->{agent}->cookie_jar->save($file);
    }

    sub load {
        my ($self, $file) = @_;
        return $self->{agent}->cookie_jar->load($file);
    }
}

my $description = {
    shim => 'perl-lwp/1',
    impl => {
        name     => 'LWP::UserAgent',
        version  => LWP::UserAgent->VERSION,
        language => 'perl',
        source   => 'https://metacpan.org/pod/LWP::UserAgent',
    },
    can   => ['navigate', 'agent.clear', 'agent.save', 'agent.load'],
    notes => 'With HTTP::Cookies ' . HTTP::Cookies->VERSION . ', which saves what does not end with '
        . 'the session. No public suffix list.',
};

serve($description, agent('Client'));
