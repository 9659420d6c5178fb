# HTTP::Tiny with HTTP::CookieJar, on the network.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;

use Agent;
use HTTP::CookieJar;
use HTTP::Tiny;
use Protocol;

package Client {
    sub new {
        my ($class, $proxy, $ca) = @_;
        my %settings = (
            cookie_jar  => HTTP::CookieJar->new,
            http_proxy  => $proxy,
            https_proxy => $proxy,
            no_proxy    => [],
            SSL_options => { SSL_ca_file => $ca },
            verify_SSL  => 1,
        );
        return bless { settings => \%settings }, $class;
    }

    sub request {
        my ($self, $method, $uri, $headers, $follow) = @_;
        $self->{http}{$follow} //= HTTP::Tiny->new(%{ $self->{settings} }, max_redirect => $follow);
        my $response = $self->{http}{$follow}->request($method, $uri, { headers => $headers });
        # Where there is no response, it makes one of this status, which has the reason.
        return $response->{status} == 599 ? $response->{content} : undef;
    }

    sub save {
        my ($self, $file) = @_;
        open my $saved, '>:raw', $file or die "$file: $!";
        print {$saved} map { "$_\n" } $self->{settings}{cookie_jar}->dump_cookies;
        return close $saved;
    }

    sub load {
        my ($self, $file) = @_;
        open my $saved, '<:raw', $file or die "$file: $!";
        chomp(my @lines = <$saved>);
        return $self->{settings}{cookie_jar}->load_cookies(@lines);
    }
}

my $description = {
    shim => 'perl-http-tiny/1',
    impl => {
        name     => 'HTTP::Tiny',
        version  => HTTP::Tiny->VERSION,
        language => 'perl',
        source   => 'https://metacpan.org/pod/HTTP::Tiny',
    },
    can   => ['navigate', 'agent.clear', 'agent.save', 'agent.load'],
    notes => 'With HTTP::CookieJar ' . HTTP::CookieJar->VERSION . ', which is saved by dump_cookies '
        . 'with the cookies that end with the session.',
};

serve($description, agent('Client'));
